package dev.sameport.plane.nat.forward;

import dev.sameport.model.Family;
import dev.sameport.plane.nat.NatOptions;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The rules that keep a host from becoming a router because we switched forwarding on. Pure.
///
/// Dropped is what goes from one interface to another, when both were there before forwarding was
/// on, or are our own: nobody relied on that. What goes to or from an interface that came later is
/// its maker's business (an engine's bridge, with the engine's own rules). Our connections pass,
/// and with them their replies and the ICMP errors about them, which have the same connection mark.
final class NewlyForwarded {
    /// Our own interfaces, by the beginning of their names.
    private static final String OURS = "sameport*";

    private static final Pattern SAFE = Pattern.compile("[^\"\\\\*\\s\\p{Cntrl}]{1,15}");

    private NewlyForwarded() {}

    /// Whether an interface's name can be written in a rule.
    static boolean isSafe(String name) {
        return SAFE.matcher(name).matches();
    }

    /// The commands that make `table` anew.
    ///
    /// @param guarded for each family that we switched on, the interfaces that were there
    /// @param bridges those whose ports talk to each other: with br_netfilter, that is seen as
    ///   forwarding, too
    static String commands(
            String table,
            Map<Family, ? extends Set<String>> guarded,
            Set<String> bridges,
            NatOptions options) {
        StringBuilder text = new StringBuilder();
        text.append("add table ")
                .append(table)
                .append("\ndelete table ")
                .append(table)
                .append('\n');
        text.append("add table ").append(table).append('\n');
        String chain = table + " forward";
        line(text, "add chain", chain, "{ type filter hook forward priority 0; policy accept; }");
        line(
                text,
                "add rule",
                chain,
                "ct mark & 0x%08x == 0x%08x accept".formatted(options.mask(), options.mark()));
        withOurs(bridges)
                .forEach(name ->
                        line(
                                text,
                                "add rule",
                                chain,
                                "iifname %1$s oifname %1$s accept".formatted(quoted(name))));
        guarded.forEach((family, names) -> family(text, table, family, withOurs(names)));
        return text.toString();
    }

    private static void family(StringBuilder text, String table, Family family, Set<String> names) {
        String protocol = family == Family.IPV4 ? "ipv4" : "ipv6";
        String inner = table + " newly_" + protocol;
        line(text, "add chain", inner, "");
        for (String name : names) {
            line(text, "add rule", inner, "oifname " + quoted(name) + " drop");
        }
        for (String name : names) {
            line(
                    text,
                    "add rule",
                    table + " forward",
                    "meta nfproto %s iifname %s goto newly_%s"
                            .formatted(protocol, quoted(name), protocol));
        }
    }

    private static void line(StringBuilder text, String verb, String chain, String rest) {
        text.append((verb + " " + chain + " " + rest).strip()).append('\n');
    }

    private static Set<String> withOurs(Set<String> names) {
        Set<String> all = new TreeSet<>(names);
        all.add(OURS);
        return all;
    }

    private static String quoted(String name) {
        if (!name.equals(OURS) && !isSafe(name)) {
            throw new IllegalArgumentException(
                    "interface '" + name + "' can't be written in a rule");
        }
        return '"' + name + '"';
    }
}
