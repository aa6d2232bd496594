package dev.sameport.plane.nat.forward;

import dev.sameport.model.Problem;
import dev.sameport.plane.nat.NatOptions;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Base chains of others, written for nft, that drop what they don't know: an accept of ours does
/// not override them, and their order is the administrator's. Pure.
final class ForeignForward {
    private ForeignForward() {}

    /// Whether a chain is on the way of forwarded packets, drops by policy and is not iptables' or
    /// Docker's, which have ways of their own.
    static boolean isSuspect(NftRules.Chain chain, List<String> iptablesTables) {
        return chain.hook().equals("forward")
                && chain.policy().equals("drop")
                && !iptablesTables.contains(chain.table())
                && !chain.table().endsWith(" " + DockerBridges.TABLE);
    }

    /// Whether a rule of it seems made for rewritten connections, or for marked ones.
    static boolean letsThrough(List<JsonNode> rules) {
        return rules.stream()
                .map(JsonNode::toString)
                .filter(rule -> rule.contains("\"accept\""))
                .anyMatch(rule ->
                        rule.contains("{\"ct\":{\"key\":\"mark\"}}")
                                || (rule.contains("{\"ct\":{\"key\":\"status\"}}")
                                        && rule.contains("\"dnat\"")));
    }

    static Problem problem(NftRules.Chain chain, NatOptions options) {
        return new Problem(
                "firewall chain " + chain.title(),
                "it drops what it doesn't know, so rewritten connections don't arrive and the listener serves",
                "add to it: nft insert rule %s ct mark and 0x%08x == 0x%08x accept"
                        .formatted(chain.title(), options.mask(), options.mark()));
    }
}
