package dev.sameport.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One of the four firewalls behind the iptables commands, in the calling thread's network
/// namespace: IPv4 or IPv6, kept by nftables or by the older `ip_tables`.
///
/// They don't know of each other, and a packet must pass all. Looking can make a table (the legacy
/// commands register it, for good), so ask [#hasTable] first. Each call starts a process.
///
/// @param name `iptables-nft`, `ip6tables-nft`, `iptables-legacy` or `ip6tables-legacy`
/// @param command the program that is it on this machine
public record Iptables(String name, Path command) {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final List<String> NAMES =
            List.of("iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy");

    /// Those whose commands this machine has.
    public static List<Iptables> installed() {
        return NAMES.stream().flatMap(Iptables::find).toList();
    }

    /// The one of this name.
    ///
    /// @throws IllegalArgumentException when this machine lacks its command
    public static Iptables named(String name) {
        return NAMES.stream()
                .filter(name::equals)
                .flatMap(Iptables::find)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("there is no command " + name + " here"));
    }

    private static Stream<Iptables> find(String name) {
        String plain = name.substring(0, name.indexOf('-'));
        return Stream.concat(
                        places(name),
                        // Some distributions have one variant only, without its name.
                        places(plain).filter(path -> variantOf(path).equals(variantOf(name))))
                .limit(1)
                .map(path -> new Iptables(name, path));
    }

    private static Stream<Path> places(String program) {
        return Stream.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin")
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable);
    }

    private static String variantOf(String name) {
        return name.endsWith("-nft") ? "nft" : "legacy";
    }

    private static String variantOf(Path command) {
        try {
            String version = Commands.run(TIMEOUT, command.toString(), "-V").output();
            return version.contains("nf_tables") ? "nft" : "legacy";
        } catch (CommandException _) {
            return "none";
        }
    }

    /// Whether nftables keeps its tables.
    public boolean onNftables() {
        return variantOf(name).equals("nft");
    }

    /// The nftables family of its tables, `ip` or `ip6`; of the legacy one, too.
    public String family() {
        return name.startsWith("ip6") ? "ip6" : "ip";
    }

    /// Whether a table is there; it isn't made by looking.
    ///
    /// @param nft tells of the tables that nftables keeps; not called for the legacy variant
    public boolean hasTable(String table, Supplier<Nftables> nft) {
        return onNftables()
                ? nft.get()
                        .listText("list tables")
                        .lines()
                        .anyMatch(("table " + family() + " " + table)::equals)
                : hasLegacyTable(table);
    }

    private boolean hasLegacyTable(String table) {
        // The thread's, not the process's: it may be in a namespace of its own.
        Path names = Path.of("/proc/thread-self/net", family() + "_tables_names");
        try {
            return Files.readAllLines(names).contains(table);
        } catch (IOException _) {
            return false; // The kernel has no such thing, or it was never used.
        }
    }

    /// A table as `iptables -S` prints it: policies, chains and rules, one per line, without
    /// comments.
    ///
    /// @throws CommandException when it can't be read, for example because nft made rules in it
    ///   that iptables can't tell
    public List<String> rules(String table) {
        return Commands.run(TIMEOUT, command.toString(), "-w", "-t", table, "-S")
                .output()
                .lines()
                .filter(line -> line.startsWith("-"))
                .toList();
    }

    /// Makes changes of rules, all of them or none.
    ///
    /// @param changes one per line, as for iptables-restore(8): `-I FORWARD 1 -j ACCEPT`
    /// @throws CommandException when one is refused
    public void change(String table, String changes) {
        List<String> words = new ArrayList<>(List.of(command + "-restore", "-w", "-n"));
        var _ = Commands.run(words, "*" + table + "\n" + changes + "COMMIT\n", TIMEOUT);
    }
}
