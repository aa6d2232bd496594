package dev.sameport.plane.nat;

import dev.sameport.model.Addresses;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.PublishedPort;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A hash set or verdict map of the table that knows published ports by where they are: one element
/// per port and family.
///
/// @param name `any_ipv4` for ports on every address of a family, `one_ipv4` for those on one
///   address; those whose SYNs are reset begin with `refused_`
/// @param type of the key
/// @param elements key → chain to go to; an empty text in sets
record Lookup(String name, String type, Map<String, String> elements) {

    /// All that a state needs, in a fixed order, empty ones included.
    static List<Lookup> of(NatState state) {
        List<Lookup> lookups = new ArrayList<>();
        for (String prefix : List.of("", "refused_")) {
            for (Family family : Family.values()) {
                lookups.add(empty(prefix + "one_", family, address(family) + " . inet_service"));
            }
            for (Family family : Family.values()) {
                lookups.add(empty(prefix + "any_", family, "inet_service"));
            }
        }
        Map<String, Lookup> byName = new LinkedHashMap<>();
        lookups.forEach(lookup -> byName.put(lookup.name, lookup));
        state.ports()
                .forEach((published, rules) ->
                        rules.shares()
                                .keySet()
                                .forEach(family -> put(byName, "", published, family)));
        for (PublishedPort published : state.refused()) {
            for (Family family : Family.values()) {
                if (published.address().covers(family)) {
                    put(byName, "refused_", published, family);
                }
            }
        }
        return lookups;
    }

    private static Lookup empty(String name, Family family, String type) {
        return new Lookup(name + PortName.text(family), type, new LinkedHashMap<>());
    }

    private static void put(
            Map<String, Lookup> byName, String prefix, PublishedPort published, Family family) {
        boolean one = published.address() instanceof HostAddress.One;
        Lookup lookup = byName.get(prefix + (one ? "one_" : "any_") + PortName.text(family));
        String verdict = prefix.isEmpty() ? "goto " + PortName.chain(published) : "";
        if (lookup != null) {
            lookup.elements.put(key(published), verdict);
        }
    }

    private static String key(PublishedPort published) {
        return published.address() instanceof HostAddress.One(InetAddress address)
                ? Addresses.plain(address) + " . " + published.port()
                : Integer.toString(published.port());
    }

    private static String address(Family family) {
        return family == Family.IPV4 ? "ipv4_addr" : "ipv6_addr";
    }

    /// The definition, as it stands in the table's block.
    String definition() {
        boolean isSet = name.startsWith("refused_");
        String head =
                "\t%s %s {\n\t\ttype %s%s\n"
                        .formatted(isSet ? "set" : "map", name, type, isSet ? "" : " : verdict");
        String content =
                elements.isEmpty()
                        ? ""
                        : "\t\telements = " + braced(written(elements), "\t\t\t") + "\n";
        return head + content + "\t}\n";
    }

    /// The commands that take away what `wanted`, of the same name, has no more or otherwise: a key
    /// can pass from one published port to another, as from `0.0.0.0:80` to `80`.
    String removals(Lookup wanted) {
        List<String> gone = List.copyOf(without(wanted).keySet());
        return gone.isEmpty()
                ? ""
                : "delete element %s %s %s\n".formatted(Ruleset.TABLE, name, braced(gone, "\t"));
    }

    /// The commands that add what `wanted`, of the same name, has in addition or otherwise.
    String additions(Lookup wanted) {
        Map<String, String> added = wanted.without(this);
        return added.isEmpty()
                ? ""
                : "add element %s %s %s\n"
                        .formatted(Ruleset.TABLE, name, braced(written(added), "\t"));
    }

    private Map<String, String> without(Lookup other) {
        Map<String, String> rest = new LinkedHashMap<>(elements);
        rest.entrySet().removeAll(other.elements.entrySet());
        return rest;
    }

    private static List<String> written(Map<String, String> elements) {
        return elements.entrySet().stream()
                .map(element ->
                        element.getValue().isEmpty()
                                ? element.getKey()
                                : element.getKey() + " : " + element.getValue())
                .toList();
    }

    /// One element a line; nft 1.0.6 takes no newline before the closing brace.
    static String braced(List<String> elements, String indent) {
        return "{ " + String.join(",\n" + indent, elements) + " }";
    }
}
