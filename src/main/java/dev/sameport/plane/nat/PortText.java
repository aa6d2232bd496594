package dev.sameport.plane.nat;

import dev.sameport.model.Addresses;
import dev.sameport.model.Family;
import dev.sameport.model.PublishedPort;
import dev.sameport.plane.nat.NatState.PortRules;
import dev.sameport.plane.nat.NatState.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The chain and the maps of one dispatched port, as nft reads them.
///
/// @param chain its name
/// @param body its rules
/// @param maps name → map, one for each family that has an endpoint
record PortText(String chain, List<String> body, Map<String, SlotMap> maps) {
    /// Longest comment that the kernel keeps for nft, in bytes, its final 0 included.
    private static final int COMMENT = 128;

    /// A map from slots to endpoints.
    ///
    /// @param elements `0-32767 : 198.18.0.2 . 80`
    record SlotMap(Family family, List<String> elements) {
        /// Not `th dport`: nft 1.0.6 takes a rule beside `meta l4proto tcp` then only in the
        /// transaction that makes the map ("conflicting protocols specified: tcp vs. th").
        String declaration(String separator) {
            return String.join(
                    separator,
                    "typeof numgen random mod %d : %s daddr . tcp dport"
                            .formatted(Slots.COUNT, ip(family)),
                    "flags interval",
                    "counter");
        }
    }

    static PortText of(PublishedPort published, PortRules rules, NatOptions options) {
        Map<String, SlotMap> maps = new LinkedHashMap<>();
        List<String> body = new ArrayList<>();
        body.add(
                rules.bridges().stream()
                                .map(bridge -> '"' + bridge + '"')
                                .collect(Collectors.joining(", ", "iifname { ", " } return"))
                        + " comment \""
                        + comment("service " + rules.service())
                        + '"');
        body.add(Ruleset.setMark("ct mark", options));
        rules.shares()
                .forEach((family, shares) -> {
                    String map = PortName.map(published, family);
                    maps.put(map, new SlotMap(family, elements(shares)));
                    body.add(dnat(family, "numgen random mod " + Slots.COUNT, map));
                });
        return new PortText(PortName.chain(published), List.copyOf(body), maps);
    }

    /// A rule that sends a new TCP connection to where `map` says for `key`.
    static String dnat(Family family, String key, String map) {
        return "meta nfproto %s meta l4proto tcp dnat %s to %s map @%s"
                .formatted(PortName.text(family), ip(family), key, map);
    }

    private static String comment(String text) {
        return text.substring(0, Math.min(text.length(), COMMENT - 1));
    }

    private static List<String> elements(List<Share> shares) {
        List<String> elements = new ArrayList<>();
        int first = 0;
        for (Share share : shares) {
            int last = first + share.slots() - 1;
            elements.add(
                    "%s : %s . %d"
                            .formatted(
                                    first == last ? first : first + "-" + last,
                                    Addresses.plain(share.endpoint().getAddress()),
                                    share.endpoint().getPort()));
            first = last + 1;
        }
        return elements;
    }

    private static String ip(Family family) {
        return family == Family.IPV4 ? "ip" : "ip6";
    }

    /// The maps' definitions, as they stand in the table's block.
    String mapDefinitions() {
        StringBuilder text = new StringBuilder();
        maps.forEach((name, map) ->
                text.append("\tmap %s {\n\t\t".formatted(name))
                        .append(map.declaration("\n\t\t"))
                        .append("\n\t\telements = ")
                        .append(Lookup.braced(map.elements, "\t\t\t"))
                        .append("\n\t}\n"));
        return text.toString();
    }

    /// The chain's definition, as it stands in the table's block.
    String chainDefinition() {
        return "\tchain " + chain + " {\n\t\t" + String.join("\n\t\t", body) + "\n\t}\n";
    }

    /// The commands for a port that was not dispatched before.
    String creation() {
        return mapChanges(Map.of()) + "add chain " + Ruleset.TABLE + " " + chain + "\n" + addBody();
    }

    /// The commands that turn `before`, of the same port, into this; empty where they are equal.
    String changeFrom(PortText before) {
        StringBuilder text = new StringBuilder(mapChanges(before.maps));
        if (!before.body.equals(body)) {
            text.append("flush chain %s %s\n".formatted(Ruleset.TABLE, chain)).append(addBody());
        }
        return text.toString();
    }

    /// The commands that make everything of this port empty: it can be deleted only when nothing
    /// refers to it any more, which older kernels see only after the transaction.
    String emptied() {
        StringBuilder text =
                new StringBuilder("flush chain %s %s\n".formatted(Ruleset.TABLE, chain));
        maps.keySet()
                .forEach(map -> text.append("flush map %s %s\n".formatted(Ruleset.TABLE, map)));
        return text.toString();
    }

    /// The commands that delete what [#emptied] left.
    String deletion() {
        return "delete chain %s %s\n".formatted(Ruleset.TABLE, chain) + deletions(maps, Map.of());
    }

    /// The commands that delete the maps which `after`, of the same port, has no more.
    String mapDeletions(PortText after) {
        return deletions(maps, after.maps);
    }

    private static String deletions(Map<String, SlotMap> before, Map<String, SlotMap> after) {
        StringBuilder text = new StringBuilder();
        before.keySet().stream()
                .filter(map -> !after.containsKey(map))
                .forEach(map -> text.append("delete map %s %s\n".formatted(Ruleset.TABLE, map)));
        return text.toString();
    }

    private String mapChanges(Map<String, SlotMap> before) {
        StringBuilder text = new StringBuilder();
        maps.forEach((name, map) -> {
            SlotMap former = before.get(name);
            if (former == null) {
                text.append(
                        "add map %s %s { %s; }\n"
                                .formatted(Ruleset.TABLE, name, map.declaration("; ")));
            } else if (!former.equals(map)) {
                text.append("flush map %s %s\n".formatted(Ruleset.TABLE, name));
            }
            if (!map.equals(former)) {
                text.append(
                        "add element %s %s %s\n"
                                .formatted(Ruleset.TABLE, name, Lookup.braced(map.elements, "\t")));
            }
        });
        return text.toString();
    }

    private String addBody() {
        StringBuilder text = new StringBuilder();
        body.forEach(
                rule -> text.append("add rule %s %s %s\n".formatted(Ruleset.TABLE, chain, rule)));
        return text.toString();
    }
}
