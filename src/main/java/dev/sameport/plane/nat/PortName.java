package dev.sameport.plane.nat;

import dev.sameport.model.Addresses;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Ports;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a published port's chain and maps are called in the table, both ways.
///
/// `tcp_80_any`, `tcp_80_ipv4`, `tcp_80_at_192.0.2.1`, `tcp_80_at_fd00-0-0-0-0-0-0-1`: nft's names
/// may have no colon. A map's name is the chain's with `_to_ipv4` or `_to_ipv6`.
final class PortName {
    private static final Pattern MAP =
            Pattern.compile("(tcp|udp)_([0-9]{1,5})_(any|ipv4|ipv6|at_([0-9a-f.-]+))_to_ipv[46]");

    private PortName() {}

    static String chain(PublishedPort published) {
        String where =
                switch (published.address()) {
                    case HostAddress.Any _ -> "any";
                    case HostAddress.AnyOf(Family family) -> text(family);
                    case HostAddress.One(InetAddress address) ->
                            "at_" + Addresses.plain(address).replace(':', '-');
                };
        return published.protocol().text() + "_" + published.port() + "_" + where;
    }

    static String map(PublishedPort published, Family family) {
        return chain(published) + "_to_" + text(family);
    }

    static String text(Family family) {
        return family.name().toLowerCase(Locale.ROOT);
    }

    /// The published port of a map of this name; empty where the name isn't one of ours.
    static Optional<PublishedPort> ofMap(String name) {
        Matcher matcher = MAP.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(2));
        if (port < Ports.MIN || port > Ports.MAX) {
            return Optional.empty();
        }
        Protocol protocol = Protocol.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        return address(matcher)
                .map(address -> new PublishedPort(address, port, protocol))
                // Only as we write it: `1.2.3` is an address to Java, too.
                .filter(published -> name.startsWith(chain(published) + "_to_"));
    }

    private static Optional<HostAddress> address(Matcher matcher) {
        return switch (matcher.group(3)) {
            case "any" -> Optional.of(HostAddress.any());
            case "ipv4" -> Optional.of(new HostAddress.AnyOf(Family.IPV4));
            case "ipv6" -> Optional.of(new HostAddress.AnyOf(Family.IPV6));
            default -> one(matcher.group(4).replace('-', ':'));
        };
    }

    private static Optional<HostAddress> one(String literal) {
        try {
            return Optional.of(new HostAddress.One(InetAddress.ofLiteral(literal)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
