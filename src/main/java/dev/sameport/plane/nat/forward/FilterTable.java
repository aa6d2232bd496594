package dev.sameport.plane.nat.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A filter table as `iptables -S` prints it. Pure.
///
/// @param policies of the built-in chains, such as FORWARD → DROP
/// @param chains rules by chain, each without its `-A CHAIN `
record FilterTable(Map<String, String> policies, Map<String, List<String>> chains) {
    static final String DOCKER_USER = "DOCKER-USER";
    static final String FORWARD = "FORWARD";

    static FilterTable parse(String text) {
        Map<String, String> policies = new TreeMap<>();
        Map<String, List<String>> chains = new TreeMap<>();
        for (String line : text.split("\n")) {
            String[] words = line.split(" ", 3);
            if (words.length < 2) {
                continue;
            }
            switch (words[0]) {
                case "-P" -> {
                    policies.put(words[1], words.length > 2 ? words[2] : "ACCEPT");
                    chains.computeIfAbsent(words[1], _ -> new ArrayList<>());
                }
                case "-N" -> chains.computeIfAbsent(words[1], _ -> new ArrayList<>());
                case "-A" ->
                        chains.computeIfAbsent(words[1], _ -> new ArrayList<>())
                                .add(words.length > 2 ? words[2] : "");
                default -> {
                    // Comments and what later versions print.
                }
            }
        }
        return new FilterTable(policies, chains);
    }

    /// Where our accept belongs; empty where nothing stands in the way.
    String chain() {
        if (chains.containsKey(DOCKER_USER)) {
            return DOCKER_USER;
        }
        boolean drops =
                "DROP".equals(policies.get(FORWARD))
                        || chains.values().stream()
                                .flatMap(List::stream)
                                .anyMatch(FilterTable::refuses);
        return drops ? FORWARD : "";
    }

    private static boolean refuses(String rule) {
        return rule.contains("-j DROP") || rule.contains("-j REJECT");
    }

    List<String> rules(String chain) {
        return chains.getOrDefault(chain, List.of());
    }
}
