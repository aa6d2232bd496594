package dev.sameport.plane.nat;

import dev.sameport.model.Addresses;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.PublishedPort;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

/// The rules as nft text: all of them, or what changes from one state to the next. Pure.
///
/// Written for nft 1.0.6: everything on one line per command, priorities as numbers.
final class Ruleset {
    static final String TABLE = "inet sameport";

    /// The veth pair's end that trial connections come in by.
    static final String TRIAL_LINK = "sameport-try";

    private static final String SYN = "tcp flags & (fin | syn | rst | ack) == syn";

    private Ruleset() {}

    /// The whole table, replacing whatever is there, in one transaction.
    static String full(NatState state) {
        Commands commands = new Commands();
        commands.add("add table " + TABLE).add("delete table " + TABLE).add("add table " + TABLE);
        sets(commands);
        chains(commands, state.options());
        rules(commands, state.options());
        renew(commands, state.options());
        state.ports().values().forEach(port -> add(commands, port, state.options()));
        return commands.text();
    }

    /// What leads from `applied` to `wanted`, both with the same options; empty if nothing does.
    static String diff(NatState applied, NatState wanted) {
        Commands commands = new Commands();
        applied.ports()
                .forEach((published, old) -> {
                    NatPort next = wanted.ports().get(published);
                    if (next == null) {
                        remove(commands, old);
                    } else if (!next.equals(old)) {
                        change(commands, old, next);
                    }
                });
        wanted.ports().values().stream()
                .filter(port -> !applied.ports().containsKey(port.published()))
                .forEach(port -> add(commands, port, wanted.options()));
        return commands.text();
    }

    /// Lets dispatch go on for another `keepRulesFor`.
    static String renewal(NatOptions options) {
        Commands commands = new Commands();
        // An add alone keeps the old expiry on older kernels; a delete needs the element to exist.
        commands.add("add element " + TABLE + " alive { ipv4, ipv6 }");
        commands.add("delete element " + TABLE + " alive { ipv4, ipv6 }");
        renew(commands, options);
        return commands.text();
    }

    private static void renew(Commands commands, NatOptions options) {
        String timeout = " timeout " + options.keepRulesFor().toSeconds() + "s";
        commands.element("alive", "ipv4" + timeout + ", ipv6" + timeout);
    }

    private static void sets(Commands commands) {
        commands.add("add set " + TABLE + " alive { typeof meta nfproto; flags timeout; }");
        for (Family family : Family.values()) {
            String address = family == Family.IPV4 ? "ipv4_addr" : "ipv6_addr";
            String any = "inet_proto . inet_service";
            commands.add(
                    "add map "
                            + TABLE
                            + " ports"
                            + digit(family)
                            + " { type "
                            + any
                            + " : verdict; }");
            commands.add(
                    "add map "
                            + TABLE
                            + " addresses"
                            + digit(family)
                            + " { type "
                            + address
                            + " . "
                            + any
                            + " : verdict; }");
            commands.add(
                    "add set " + TABLE + " refused" + digit(family) + " { type " + any + "; }");
            commands.add(
                    "add set "
                            + TABLE
                            + " refused_at"
                            + digit(family)
                            + " { type "
                            + address
                            + " . "
                            + any
                            + "; }");
            commands.add(
                    "add map "
                            + TABLE
                            + " trial"
                            + digit(family)
                            + " { type inet_service : "
                            + address
                            + " . inet_service; }");
        }
    }

    private static void chains(Commands commands, NatOptions options) {
        commands.chain("prerouting", "{ type nat hook prerouting priority -110; policy accept; }");
        commands.chain("output", "{ type nat hook output priority -110; policy accept; }");
        commands.chain("input", "{ type filter hook input priority -5; policy accept; }");
        if (options.copyMark()) {
            commands.chain("mark", "{ type filter hook prerouting priority -90; policy accept; }");
        }
        commands.chain("dispatch", "").chain("refuse", "").chain("trial", "");
    }

    private static void rules(Commands commands, NatOptions options) {
        String alive = SYN + " meta nfproto @alive ";
        commands.rule("prerouting", "iifname " + quoted(TRIAL_LINK) + " goto trial");
        commands.rule("prerouting", alive + "jump dispatch");
        commands.rule(
                "output",
                "meta mark & " + options.maskText() + " == " + options.markText() + " return");
        commands.rule("output", "ip daddr 127.0.0.0/8 return");
        commands.rule("output", "ip6 daddr ::1 return");
        commands.rule("output", alive + "jump dispatch");
        commands.rule("input", alive + "jump refuse");
        if (options.copyMark()) {
            commands.rule(
                    "mark",
                    "ct mark & "
                            + options.maskText()
                            + " == "
                            + options.markText()
                            + " meta mark set meta mark & "
                            + options.othersText()
                            + " | "
                            + options.markText());
        }
        commands.rule("dispatch", "ip daddr . meta l4proto . th dport vmap @addresses4");
        commands.rule("dispatch", "ip6 daddr . meta l4proto . th dport vmap @addresses6");
        commands.rule("dispatch", "fib daddr type != local return");
        commands.rule("dispatch", "meta nfproto ipv4 meta l4proto . th dport vmap @ports4");
        commands.rule("dispatch", "meta nfproto ipv6 meta l4proto . th dport vmap @ports6");
        commands.rule(
                "refuse", "ip daddr . meta l4proto . th dport @refused_at4 reject with tcp reset");
        commands.rule(
                "refuse", "ip6 daddr . meta l4proto . th dport @refused_at6 reject with tcp reset");
        commands.rule(
                "refuse",
                "meta nfproto ipv4 meta l4proto . th dport @refused4 reject with tcp reset");
        commands.rule(
                "refuse",
                "meta nfproto ipv6 meta l4proto . th dport @refused6 reject with tcp reset");
        commands.rule(
                "trial",
                "meta nfproto ipv4 meta l4proto tcp "
                        + setMark(options)
                        + " dnat ip to tcp dport map @trial4");
        commands.rule(
                "trial",
                "meta nfproto ipv6 meta l4proto tcp "
                        + setMark(options)
                        + " dnat ip6 to tcp dport map @trial6");
    }

    private static String setMark(NatOptions options) {
        return "ct mark set ct mark & " + options.othersText() + " | " + options.markText();
    }

    private static void add(Commands commands, NatPort port, NatOptions options) {
        String chain = port.chain();
        commands.add("add set " + TABLE + " " + chain + "_in { type ifname; }");
        bridges(commands, port);
        commands.chain(chain, "{ comment " + quoted(comment(port.service())) + "; }");
        commands.rule(chain, "iifname @" + chain + "_in return");
        for (Family family : Family.values()) {
            if (port.covers(family)) {
                choice(commands, port, family, options);
            }
        }
        if (port.dispatch()) {
            verdicts(port)
                    .forEach(verdict ->
                            commands.element(verdict.map(), verdict.key() + " : goto " + chain));
        }
        if (port.refused()) {
            verdicts(port).forEach(verdict -> commands.element(verdict.set(), verdict.key()));
        }
    }

    private static void choice(Commands commands, NatPort port, Family family, NatOptions options) {
        String map = map(port, family);
        String ip = family == Family.IPV4 ? "ip" : "ip6";
        commands.add(
                "add map "
                        + TABLE
                        + " "
                        + map
                        + " { typeof numgen random mod "
                        + Slots.COUNT
                        + " : "
                        + ip
                        + " daddr . th dport; flags interval; counter; }");
        commands.rule(
                port.chain(),
                "meta nfproto "
                        + (family == Family.IPV4 ? "ipv4" : "ipv6")
                        + " meta l4proto "
                        + port.published().protocol().text()
                        + " "
                        + setMark(options)
                        + " dnat "
                        + ip
                        + " to numgen random mod "
                        + Slots.COUNT
                        + " map @"
                        + map);
        commands.element(map, port.slots(family).elements());
    }

    private static void bridges(Commands commands, NatPort port) {
        commands.element(port.chain() + "_in", quoted(port.bridges()));
    }

    private static void remove(Commands commands, NatPort port) {
        String chain = port.chain();
        if (port.dispatch()) {
            verdicts(port).forEach(verdict -> commands.delete(verdict.map(), verdict.key()));
        }
        if (port.refused()) {
            verdicts(port).forEach(verdict -> commands.delete(verdict.set(), verdict.key()));
        }
        commands.add("flush chain " + TABLE + " " + chain);
        commands.add("delete chain " + TABLE + " " + chain);
        commands.add("delete set " + TABLE + " " + chain + "_in");
        for (Family family : Family.values()) {
            if (port.covers(family)) {
                commands.add("delete map " + TABLE + " " + map(port, family));
            }
        }
    }

    private static void change(Commands commands, NatPort old, NatPort next) {
        for (Family family : Family.values()) {
            if (next.covers(family) && !next.slots(family).equals(old.slots(family))) {
                commands.add("flush map " + TABLE + " " + map(next, family));
                commands.element(map(next, family), next.slots(family).elements());
            }
        }
        if (!next.bridges().equals(old.bridges())) {
            commands.add("flush set " + TABLE + " " + next.chain() + "_in");
            bridges(commands, next);
        }
        for (Verdict verdict : verdicts(next)) {
            if (next.dispatch() && !old.dispatch()) {
                commands.element(verdict.map(), verdict.key() + " : goto " + next.chain());
            } else if (!next.dispatch() && old.dispatch()) {
                commands.delete(verdict.map(), verdict.key());
            }
            if (next.refused() && !old.refused()) {
                commands.element(verdict.set(), verdict.key());
            } else if (!next.refused() && old.refused()) {
                commands.delete(verdict.set(), verdict.key());
            }
        }
    }

    /// Where a published port is looked up. @param map of verdicts, @param set of refusals
    private record Verdict(String map, String set, String key) {}

    private static List<Verdict> verdicts(NatPort port) {
        PublishedPort published = port.published();
        String key = published.protocol().text() + " . " + published.port();
        return switch (published.address()) {
            case HostAddress.Any _ ->
                    List.of(
                            new Verdict("ports4", "refused4", key),
                            new Verdict("ports6", "refused6", key));
            case HostAddress.AnyOf(Family family) ->
                    List.of(new Verdict("ports" + digit(family), "refused" + digit(family), key));
            case HostAddress.One(var address) -> {
                String digit = digit(Family.of(address));
                yield List.of(
                        new Verdict(
                                "addresses" + digit,
                                "refused_at" + digit,
                                Addresses.plain(address) + " . " + key));
            }
        };
    }

    static String map(NatPort port, Family family) {
        return port.chain() + "_v" + digit(family);
    }

    private static String digit(Family family) {
        return family == Family.IPV4 ? "4" : "6";
    }

    /// nft comments hold at most 128 bytes; a service's name has no quotes.
    private static String comment(String service) {
        return service.length() > 120 ? service.substring(0, 120) : service;
    }

    private static String quoted(SortedSet<String> names) {
        return names.stream().map(Ruleset::quoted).collect(Collectors.joining(", "));
    }

    private static String quoted(String name) {
        return "\"" + name + "\"";
    }

    /// Commands, one per line.
    private static final class Commands {
        private final StringBuilder text = new StringBuilder();

        Commands add(String command) {
            text.append(command).append('\n');
            return this;
        }

        Commands chain(String name, String definition) {
            return add(
                    "add chain "
                            + TABLE
                            + " "
                            + name
                            + (definition.isEmpty() ? "" : " " + definition));
        }

        Commands rule(String chain, String rule) {
            return add("add rule " + TABLE + " " + chain + " " + rule);
        }

        void element(String set, String elements) {
            if (!elements.isEmpty()) {
                add("add element " + TABLE + " " + set + " { " + elements + " }");
            }
        }

        void delete(String set, String element) {
            add("delete element " + TABLE + " " + set + " { " + element + " }");
        }

        String text() {
            return text.toString();
        }
    }
}
