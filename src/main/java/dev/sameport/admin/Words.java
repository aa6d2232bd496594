package dev.sameport.admin;

import dev.sameport.model.Addresses;
import dev.sameport.model.Reach;
import java.net.InetSocketAddress;
import java.util.Locale;

/// Constants and small things of the model as words, alike in tables and in JSON.
final class Words {
    private Words() {}

    /// `serve` of `SERVE`.
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// How this host gets to an endpoint, in one word or two.
    static String via(Reach reach) {
        return switch (reach) {
            case Reach.OnBridge(String bridge) -> bridge;
            case Reach.OnHost() -> "host";
            case Reach.ThroughPublished(InetSocketAddress published) ->
                    "published " + Addresses.text(published);
            case Reach.Plain() -> "address";
            case Reach.Unreachable(_) -> "unreachable";
        };
    }

    /// `1 endpoint`, `2 endpoints`.
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
