package dev.sameport.plane.nat.forward;

import dev.sameport.model.Problem;
import dev.sameport.plane.nat.NatOptions;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// Docker's own firewall on nftables (Engine 29 and later), table `ip docker-bridges` or `ip6
/// docker-bridges`: what comes for a container's port is dropped unless Docker published it, or the
/// packet has the mark of the daemon's option `bridge-accept-fwmark`. Pure.
final class DockerBridges {
    static final String TABLE = "docker-bridges";
    private static final String CHAIN = "filter-forward-in__";
    private static final long ALL = 0xffff_ffffL;

    /// What it makes of our packets.
    enum Verdict {
        /// It is not there, or has no bridge.
        ABSENT,
        /// It accepts packets that carry our mark.
        BY_MARK,
        /// It drops them.
        DROPS
    }

    private DockerBridges() {}

    static Verdict verdict(NftRules table, NatOptions options) {
        List<String> bridges =
                table.chains().stream()
                        .map(NftRules.Chain::name)
                        .filter(name -> name.startsWith(CHAIN))
                        .toList();
        if (bridges.isEmpty()) {
            return Verdict.ABSENT;
        }
        return bridges.stream()
                        .allMatch(chain ->
                                table.rules(chain).stream()
                                        .anyMatch(rule -> accepts(rule, options)))
                ? Verdict.BY_MARK
                : Verdict.DROPS;
    }

    static Problem problem(NatOptions options) {
        return new Problem(
                "Docker's nftables firewall",
                "it drops connections to container ports that Docker has not published itself, so the listener serves and the client's address is lost",
                "put \"bridge-accept-fwmark\": \"0x%x/0x%x\" into /etc/docker/daemon.json and restart Docker"
                        .formatted(options.mark(), options.mask()));
    }

    /// Whether a rule's condition is the mark alone, and holds for every packet that has our mark.
    private static boolean accepts(JsonNode rule, NatOptions options) {
        boolean accepts = false;
        boolean matches = false;
        for (JsonNode expression : rule.values()) {
            if (expression.has("match")) {
                if (matches || !holds(expression.path("match"), options)) {
                    return false;
                }
                matches = true;
            }
            accepts |= expression.has("accept");
        }
        return accepts && matches;
    }

    private static boolean holds(JsonNode match, NatOptions options) {
        JsonNode left = match.path("left");
        JsonNode masked = left.path("&");
        JsonNode key = masked.isArray() ? masked.path(0) : left;
        // nft writes a mask of leading ones as a prefix.
        JsonNode prefix = match.path("right").path("prefix");
        JsonNode value = prefix.isObject() ? prefix.path("addr") : match.path("right");
        long mask =
                masked.isArray()
                        ? number(masked.path(1)).orElse(0)
                        : (ALL << (32 - number(prefix.path("len")).orElse(32))) & ALL;
        OptionalLong mark = number(value);
        long ours = Integer.toUnsignedLong(options.mask());
        return match.path("op").asString("").equals("==")
                && key.path("meta").path("key").asString("").equals("mark")
                && mark.isPresent()
                // The bits that are not ours may be anything.
                && (mask & ~ours) == 0
                && (Integer.toUnsignedLong(options.mark()) & mask) == mark.getAsLong();
    }

    private static OptionalLong number(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong()
                ? OptionalLong.of(node.longValue())
                : OptionalLong.empty();
    }
}
