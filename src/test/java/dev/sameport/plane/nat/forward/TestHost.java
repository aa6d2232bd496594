package dev.sameport.plane.nat.forward;

import dev.sameport.journal.Journal;
import dev.sameport.linux.Commands;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Nftables;
import dev.sameport.plane.nat.NatOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A network namespace of a test that stands for a host, and what can be seen of it.
final class TestHost implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final List<String> SAVES =
            List.of(
                    "iptables-nft-save",
                    "ip6tables-nft-save",
                    "iptables-legacy-save",
                    "ip6tables-legacy-save");

    final NetworkNamespace namespace = NetworkNamespace.createAnonymous();
    final Nftables nft = Nftables.open(namespace);
    private final Path runDirectory;

    TestHost(Path runDirectory) {
        this.runDirectory = runDirectory;
        var _ = run("ip link set lo up");
    }

    /// Runs a command here, split at blanks.
    String run(String command) {
        return namespace.call(() -> Commands.run(TIMEOUT, command.split(" ")).output());
    }

    void feed(String command, String input) {
        namespace.call(() -> Commands.run(List.of(command.split(" ")), input, TIMEOUT));
    }

    Journal journal() {
        return new Journal(runDirectory);
    }

    /// As a new process would have it: all it knows is in the journal.
    ForwardAccept accept() {
        return namespace.call(() ->
                new ForwardAccept(
                        nft,
                        journal(),
                        NatOptions.DEFAULT,
                        runDirectory.resolve("firewalld.conf")));
    }

    Forwarding forwarding() {
        return new Forwarding(nft, journal(), NatOptions.DEFAULT);
    }

    List<String> apply() {
        return namespace.call(() -> accept().apply());
    }

    /// Everything that must be as before in the end.
    String state() {
        String saved =
                SAVES.stream()
                        .map(this::run)
                        .flatMap(String::lines)
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.replaceAll("\\[[0-9]+:[0-9]+]", ""))
                        .collect(Collectors.joining("\n"));
        return String.join(
                "\n---\n",
                run("nft -s list ruleset"),
                saved,
                legacyTables(),
                run("ip -br link"),
                settings());
    }

    String legacyTables() {
        return run("cat /proc/net/ip_tables_names /proc/net/ip6_tables_names");
    }

    String settings() {
        // What the kernel counts by itself is no setting.
        return run("sysctl -a -r ^net\\.ipv[46]\\.(conf|ip_forward)")
                .lines()
                .filter(line -> !line.contains("stable_secret"))
                .collect(Collectors.joining("\n"));
    }

    /// The filter table of a program, as it prints it.
    List<String> rules(String program) {
        return run(program + " -S").lines().toList();
    }

    /// Makes a filter table from what `-S` printed.
    void load(String program, String printed) {
        Stream<String> chains =
                printed.lines()
                        .filter(line -> !line.startsWith("-A"))
                        .map(line -> line.split(" "))
                        .map(words -> ":" + words[1] + " " + (words.length > 2 ? words[2] : "-"));
        Stream<String> rules = printed.lines().filter(line -> line.startsWith("-A"));
        String text =
                Stream.of(Stream.of("*filter"), chains, rules, Stream.of("COMMIT\n"))
                        .flatMap(lines -> lines)
                        .collect(Collectors.joining("\n"));
        feed(program + "-restore -w", text);
    }

    static String golden(String name) {
        String path = "/golden/forward/" + name;
        try (var stream = TestHost.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalArgumentException("there is no " + path);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        nft.close();
        namespace.close();
    }
}
