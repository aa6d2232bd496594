package dev.sameport.plane.nat;

import dev.sameport.model.PublishedPort;
import dev.sameport.plane.nat.NatState.PortRules;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The nat plane's table in the language of nft(8): pure text, one transaction each.
///
/// It is written for the oldest nft that is served (1.0.6) and kernels from 5.10.
final class Ruleset {
    /// The one table that is ours.
    static final String TABLE_NAME = "sameport";

    /// With its family, as nft calls it.
    static final String TABLE = "inet " + TABLE_NAME;

    /// Our side of the pair of interfaces from which trials come.
    static final String TRIAL_INTERFACE = "sameport-try";

    /// Only what opens a connection: rules that come back must not seize one that the listener
    /// carries.
    private static final String NEW = "tcp flags & (fin | syn | rst | ack) == syn";

    private Ruleset() {}

    /// The whole table, replacing whatever is there under its name.
    static String full(NatState state) {
        StringBuilder text =
                new StringBuilder("add table %1$s\ndelete table %1$s\n".formatted(TABLE));
        text.append("table " + TABLE + " {\n").append(alive(state.options()));
        Lookup.of(state).forEach(lookup -> text.append(lookup.definition()));
        text.append(TrialRules.MAPS);
        Map<PublishedPort, PortText> ports = ports(state);
        ports.values().forEach(port -> text.append(port.mapDefinitions()));
        text.append(baseChains(state.options()));
        if (state.options().copyMark()) {
            text.append(copyMark(state.options()));
        }
        text.append(lookupChains()).append(TrialRules.chain(state.options()));
        ports.values().forEach(port -> text.append(port.chainDefinition()));
        return text.append("}\n").toString();
    }

    /// The least commands that turn a table of `applied` into one of `wanted`, save for what
    /// [#sweep] deletes afterwards; empty where nothing changes.
    static String diff(NatState applied, NatState wanted) {
        if (!applied.options().equals(wanted.options())) {
            return full(wanted);
        }
        Map<PublishedPort, PortText> before = ports(applied);
        Map<PublishedPort, PortText> after = ports(wanted);
        List<Lookup> oldLookups = Lookup.of(applied);
        List<Lookup> newLookups = Lookup.of(wanted);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < oldLookups.size(); i++) {
            text.append(oldLookups.get(i).removals(newLookups.get(i)));
        }
        before.forEach((published, port) -> {
            if (!after.containsKey(published)) {
                text.append(port.emptied());
            }
        });
        after.forEach((published, port) -> {
            PortText former = before.get(published);
            text.append(former == null ? port.creation() : port.changeFrom(former));
        });
        for (int i = 0; i < oldLookups.size(); i++) {
            text.append(oldLookups.get(i).additions(newLookups.get(i)));
        }
        return text.toString();
    }

    /// The commands that delete the chains and maps which [#diff] left without use; empty where
    /// there are none.
    ///
    /// They are a transaction of their own, because before Linux 6.2 a chain that just lost its
    /// last reference can't be deleted in the same one.
    static String sweep(NatState applied, NatState wanted) {
        if (!applied.options().equals(wanted.options())) {
            return "";
        }
        Map<PublishedPort, PortText> after = ports(wanted);
        StringBuilder text = new StringBuilder();
        ports(applied)
                .forEach((published, port) -> {
                    PortText still = after.get(published);
                    text.append(still == null ? port.deletion() : port.mapDeletions(still));
                });
        return text.toString();
    }

    /// The maps whose counters [#diff] sets to 0.
    static List<String> flushed(NatState applied, NatState wanted) {
        Map<PublishedPort, PortText> after = ports(wanted);
        return ports(applied).entrySet().stream()
                .flatMap(entry -> {
                    PortText still = after.get(entry.getKey());
                    Map<String, PortText.SlotMap> kept = still == null ? Map.of() : still.maps();
                    return entry.getValue().maps().entrySet().stream()
                            .filter(map -> !map.getValue().equals(kept.get(map.getKey())))
                            .map(Map.Entry::getKey);
                })
                .toList();
    }

    /// Starts the time anew after which the rules stop to dispatch.
    ///
    /// An add alone would keep the old expiry of an element that is still there.
    static String renewal(NatOptions options) {
        return """
        flush set %1$s alive
        add element %1$s alive { ipv4 timeout %2$s, ipv6 timeout %2$s }
        """
                .formatted(TABLE, time(options.keepRulesFor()));
    }

    /// Nothing of ours, whether there was something or not.
    static String erasure() {
        return "add table %1$s\ndelete table %1$s\n".formatted(TABLE);
    }

    /// A statement that puts our mark into a connection's or packet's, leaving the other bits.
    static String setMark(String what, NatOptions options) {
        return "%1$s set %1$s & 0x%2$08x | 0x%3$08x"
                .formatted(what, ~options.mask(), options.mark());
    }

    private static Map<PublishedPort, PortText> ports(NatState state) {
        Map<PublishedPort, PortText> ports = new TreeMap<>();
        for (Map.Entry<PublishedPort, PortRules> port : state.ports().entrySet()) {
            ports.put(port.getKey(), PortText.of(port.getKey(), port.getValue(), state.options()));
        }
        return ports;
    }

    private static String alive(NatOptions options) {
        return """
        \t# Rules that no daemon renews must not lead to strangers: addresses are given away again.
        \tset alive {
        \t\ttype nf_proto
        \t\tflags timeout
        \t\telements = { ipv4 timeout %1$s, ipv6 timeout %1$s }
        \t}
        """
                .formatted(time(options.keepRulesFor()));
    }

    private static String time(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    /// Before -100, where engines have theirs: the first rewrite wins. Refusals come after 0, so
    /// that the administrator's own input rules are asked first.
    private static String baseChains(NatOptions options) {
        return """
        \tchain prerouting {
        \t\ttype nat hook prerouting priority -110; policy accept;
        \t\tiifname "%1$s" goto trial
        \t\t%2$s meta nfproto @alive fib daddr type local jump dispatch
        \t}
        \tchain output {
        \t\ttype nat hook output priority -110; policy accept;
        \t\t# Our own upstream sockets.
        \t\tmeta mark & 0x%3$08x == 0x%4$08x return
        \t\t# No route leads from a loopback address to an endpoint.
        \t\tip daddr 127.0.0.0/8 return
        \t\tip saddr 127.0.0.0/8 return
        \t\tip6 daddr ::1 return
        \t\tip6 saddr ::1 return
        \t\t%2$s meta nfproto @alive fib daddr type local jump dispatch
        \t}
        \tchain input {
        \t\ttype filter hook input priority 10; policy accept;
        \t\t%2$s meta nfproto @alive jump refuse
        \t}
        """
                .formatted(TRIAL_INTERFACE, NEW, options.mask(), options.mark());
    }

    private static String copyMark(NatOptions options) {
        return """
        \t# For firewalls that accept by packet mark.
        \tchain copy_mark {
        \t\ttype filter hook prerouting priority -90; policy accept;
        \t\tct mark & 0x%08x == 0x%08x %s
        \t}
        """
                .formatted(options.mask(), options.mark(), setMark("meta mark", options));
    }

    private static String lookupChains() {
        return """
        \tchain dispatch {
        \t\t# The kernel forwards nothing to or from link-local addresses.
        \t\tip6 saddr fe80::/10 return
        \t\tip6 daddr fe80::/10 return
        \t\tip daddr . tcp dport vmap @one_ipv4
        \t\tip6 daddr . tcp dport vmap @one_ipv6
        \t\tmeta nfproto ipv4 tcp dport vmap @any_ipv4
        \t\tmeta nfproto ipv6 tcp dport vmap @any_ipv6
        \t}
        \tchain refuse {
        \t\tip daddr . tcp dport @refused_one_ipv4 reject with tcp reset
        \t\tip6 daddr . tcp dport @refused_one_ipv6 reject with tcp reset
        \t\tmeta nfproto ipv4 tcp dport @refused_any_ipv4 reject with tcp reset
        \t\tmeta nfproto ipv6 tcp dport @refused_any_ipv6 reject with tcp reset
        \t}
        """;
    }
}
