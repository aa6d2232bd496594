package dev.sameport.plane.nat.forward;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A filter table as `iptables -S` prints it. Pure.
///
/// @param policies of the built-in chains, such as FORWARD → DROP
/// @param chains the rules of each
record FilterTable(Map<String, String> policies, Map<String, List<Rule>> chains) {
    static final String DOCKER_USER = "DOCKER-USER";
    static final String FORWARD = "FORWARD";

    static FilterTable parse(List<String> lines) {
        Map<String, String> policies = new TreeMap<>();
        Map<String, List<Rule>> chains = new LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", 3);
            if (words.length < 2) {
                continue;
            }
            List<Rule> rules = chains.computeIfAbsent(words[1], _ -> new ArrayList<>());
            if (words[0].equals("-P") && words.length > 2) {
                policies.put(words[1], words[2]);
            } else if (words[0].equals("-A")) {
                rules.add(Rule.parse(words.length > 2 ? words[2] : ""));
            }
        }
        return new FilterTable(policies, chains);
    }

    List<Rule> rules(String chain) {
        return chains.getOrDefault(chain, List.of());
    }

    /// The chain in which our accept belongs: where Docker left room for others, else FORWARD if
    /// anything in it could drop; empty where nothing stands in the way.
    String chainForAccept() {
        boolean docker =
                chains.containsKey(DOCKER_USER)
                        && rules(FORWARD).stream()
                                .anyMatch(rule ->
                                        rule.isUnconditional()
                                                && rule.target().equals(DOCKER_USER));
        if (docker) {
            return DOCKER_USER;
        }
        boolean drops =
                !policies.getOrDefault(FORWARD, "ACCEPT").equals("ACCEPT") || couldRefuse(FORWARD);
        return drops ? FORWARD : "";
    }

    /// Whether a rule of this chain, or of one that it leads to, could keep a packet from being
    /// forwarded.
    boolean couldRefuse(String chain) {
        return couldRefuse(chain, new HashSet<>());
    }

    private boolean couldRefuse(String chain, Set<String> seen) {
        return seen.add(chain) && rules(chain).stream().anyMatch(rule -> couldRefuse(rule, seen));
    }

    /// The same of one rule.
    boolean couldRefuse(Rule rule) {
        return couldRefuse(rule, new HashSet<>());
    }

    private boolean couldRefuse(Rule rule, Set<String> seen) {
        return chains.containsKey(rule.target())
                ? couldRefuse(rule.target(), seen)
                : rule.refuses();
    }
}
