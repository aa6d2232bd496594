package dev.sameport.plane.nat.forward;

import dev.sameport.journal.Entry;
import dev.sameport.journal.Journal;
import dev.sameport.linux.Link;
import dev.sameport.linux.Links;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.linux.Sysctl;
import dev.sameport.model.Family;
import dev.sameport.model.Problem;
import dev.sameport.plane.nat.NatOptions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Switches forwarding on where only `run` needs it and no engine has done so, and back.
///
/// A host that was no router does not become one: `NewlyForwarded` says what is dropped. The kernel
/// changes more than the switch (each interface's own forwarding, and whether redirects are
/// accepted); all of it is written down first. Belongs to the network namespace of the thread that
/// calls.
public final class Forwarding {
    /// The table with the drops; apart from `inet sameport`, because it must not expire while
    /// forwarding is on.
    public static final String TABLE = "inet sameport_forward";

    private static final String IPV4 = "net.ipv4.ip_forward";
    private static final String IPV6 = "net.ipv6.conf.all.forwarding";
    private static final String LOOPBACK = "lo";

    private final Nftables nft;
    private final Journal journal;
    private final NatOptions options;

    public Forwarding(Nftables nft, Journal journal, NatOptions options) {
        this.nft = nft;
        this.journal = journal;
        this.options = options;
    }

    /// Switches on what is off. An interface that takes addresses and routes by IPv6 router
    /// advertisement goes on doing so (`accept_ra=2`), which forwarding would end.
    ///
    /// @return why nothing was switched on; empty on success
    /// @throws LinuxException when the kernel refuses
    /// @throws NftablesException when the rules that drop the rest are refused
    public List<Problem> on() {
        Set<Family> wanted = off();
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<Link> links = links();
        List<Problem> problems = unsafe(links);
        if (!problems.isEmpty()) {
            return problems;
        }
        journal.record(new Entry.Table(TABLE));
        wanted.forEach(family -> note(family, links));
        nft.apply(rules(links));
        wanted.forEach(family -> switchOn(family, links));
        return List.of();
    }

    private static Set<Family> off() {
        Set<Family> off = new TreeSet<>();
        if (Sysctl.read(IPV4).orElse("1").equals("0")) {
            off.add(Family.IPV4);
        }
        if (Sysctl.read(IPV6).orElse("1").equals("0")) {
            off.add(Family.IPV6);
        }
        return off;
    }

    private static List<Link> links() {
        try (Links links = Links.open()) {
            return links.links().stream().filter(link -> !link.name().equals(LOOPBACK)).toList();
        }
    }

    private static List<Problem> unsafe(List<Link> links) {
        return links.stream()
                .map(Link::name)
                .filter(name -> !NewlyForwarded.isSafe(name))
                .map(name ->
                        new Problem(
                                "interface " + name,
                                "forwarding stays off, because a rule can't name this interface",
                                "rename it, or switch forwarding on yourself"))
                .toList();
    }

    /// What the kernel will change along comes first, so that it is put back last.
    private void note(Family family, List<Link> links) {
        List<String> along = new ArrayList<>();
        if (family == Family.IPV4) {
            along.add("net.ipv4.conf.all.accept_redirects");
        }
        along.add(setting(family, "default", "forwarding"));
        along.add(setting(family, LOOPBACK, "forwarding"));
        links.forEach(link -> along.add(setting(family, link.name(), "forwarding")));
        if (family == Family.IPV6) {
            for (Link link : links) {
                if (listensToRouters(link)) {
                    journal.record(new Entry.Setting(acceptRouters(link), "1", "2"));
                }
            }
        }
        for (String name : along) {
            Sysctl.read(name)
                    .ifPresent(value -> journal.record(new Entry.Setting(name, value, "")));
        }
        journal.record(new Entry.Setting(switchOf(family), "0", "1"));
    }

    private static void switchOn(Family family, List<Link> links) {
        if (family == Family.IPV6) {
            links.stream()
                    .filter(Forwarding::listensToRouters)
                    .forEach(link -> Sysctl.write(acceptRouters(link), "2"));
        }
        Sysctl.write(switchOf(family), "1");
    }

    private static boolean listensToRouters(Link link) {
        return Sysctl.read(acceptRouters(link)).orElse("").equals("1")
                && Sysctl.read(setting(Family.IPV6, link.name(), "forwarding"))
                        .orElse("")
                        .equals("0");
    }

    private static String acceptRouters(Link link) {
        return setting(Family.IPV6, link.name(), "accept_ra");
    }

    private static String switchOf(Family family) {
        return family == Family.IPV4 ? IPV4 : IPV6;
    }

    private static String setting(Family family, String link, String name) {
        return (family == Family.IPV4 ? "net.ipv4.conf." : "net.ipv6.conf.")
                + link.replace('.', '/')
                + "."
                + name;
    }

    /// What we drop, as the journal tells it: also after a crash, and for interfaces that came
    /// later, the same as at first.
    private String rules(List<Link> links) {
        List<Entry> entries = journal.entries();
        Map<Family, Set<String>> guarded = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            if (entries.stream().anyMatch(entry -> isSwitch(entry, switchOf(family)))) {
                guarded.put(family, noted(family, entries));
            }
        }
        Set<String> bridges =
                links.stream()
                        .filter(link -> link.kind().equals("bridge"))
                        .map(Link::name)
                        .filter(NewlyForwarded::isSafe)
                        .collect(Collectors.toCollection(TreeSet::new));
        return NewlyForwarded.commands(TABLE, guarded, bridges, options);
    }

    private static boolean isSwitch(Entry entry, String name) {
        return entry instanceof Entry.Setting setting && setting.name().equals(name);
    }

    private static Set<String> noted(Family family, List<Entry> entries) {
        String before = setting(family, "", "").replace("..", ".");
        Set<String> names = new TreeSet<>();
        for (Entry entry : entries) {
            if (entry instanceof Entry.Setting setting
                    && setting.name().startsWith(before)
                    && setting.name().endsWith(".forwarding")) {
                String name = setting.name().substring(before.length());
                names.add(name.substring(0, name.lastIndexOf('.')).replace('/', '.'));
            }
        }
        names.removeAll(Set.of("all", "default", LOOPBACK));
        return names;
    }

    /// Puts the drops back if they are gone though we keep forwarding on; returns whether they
    /// were.
    public boolean repair() {
        boolean ours = journal.entries().contains(new Entry.Table(TABLE));
        if (!ours || nft.listText("list tables").lines().anyMatch(("table " + TABLE)::equals)) {
            return false;
        }
        nft.apply(rules(links()));
        return true;
    }

    /// An engine runs now and has its own rules for what is forwarded: ours would be in its way.
    public void leaveToEngine() {
        nft.apply("add table " + TABLE + "\ndelete table " + TABLE + "\n");
        journal.forget(new Entry.Table(TABLE));
    }

    /// Switches off what we switched on, and all that came with it.
    ///
    /// @param engineRuns whether an engine runs in this namespace: its containers need forwarding,
    ///   which then stays on
    /// @return what could not be put back, and what stays
    public List<Problem> putBack(boolean engineRuns) {
        if (!engineRuns) {
            return journal.undo(Forwarding::isOurs);
        }
        if (journal.entries().stream().noneMatch(Forwarding::isOurs)) {
            return List.of();
        }
        leaveToEngine();
        return journal.entries().stream()
                .filter(entry -> isSwitch(entry, IPV4) || isSwitch(entry, IPV6))
                .map(entry ->
                        new Problem(
                                entry.text(),
                                "it stays 1, because an engine runs and its containers need it",
                                "clean again when no engine runs"))
                .toList();
    }

    /// Whether an entry of the journal is undone by [#putBack].
    public static boolean isOurs(Entry entry) {
        return switch (entry) {
            case Entry.Setting _ -> true;
            case Entry.Table(String name) -> name.equals(TABLE);
            case Entry.Rule _, Entry.CausedTable _, Entry.CausedChain _ -> false;
            case Entry.Link _, Entry.Namespace _ -> false;
        };
    }
}
