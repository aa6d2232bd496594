package dev.sameport.plane.nat.forward;

import dev.sameport.journal.Journal;
import dev.sameport.linux.CommandException;
import dev.sameport.linux.Commands;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.model.Problem;
import dev.sameport.plane.nat.NatOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Keeps the accept rule where it belongs, in every iptables table that is there. It never makes a
/// table by looking: only tables that exist are looked at.
public final class ForwardAccept {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Path FIREWALLD = Path.of("/etc/firewalld/firewalld.conf");

    /// An iptables program and where to see whether its filter table exists.
    private record Program(String name, String nftTable, String legacyList) {}

    private static final List<Program> PROGRAMS =
            List.of(
                    new Program("iptables-nft", "table ip filter", ""),
                    new Program("ip6tables-nft", "table ip6 filter", ""),
                    new Program("iptables-legacy", "", "/proc/self/net/ip_tables_names"),
                    new Program("ip6tables-legacy", "", "/proc/self/net/ip6_tables_names"));

    private final Nftables nft;
    private final Journal journal;
    private final NatOptions options;
    private final AcceptRule rule;

    public ForwardAccept(Nftables nft, Journal journal, NatOptions options) {
        this.nft = nft;
        this.journal = journal;
        this.options = options;
        this.rule = AcceptRule.of(options);
    }

    /// Puts the rule where it is missing or misplaced; returns what was changed, one line each.
    ///
    /// @throws CommandException when iptables refuses
    public List<String> ensure() {
        String tables = nft.listText("list tables");
        List<String> changes = new ArrayList<>();
        for (Program program : PROGRAMS) {
            if (exists(program, tables)) {
                ensure(program.name(), changes);
            }
        }
        return changes;
    }

    private static boolean exists(Program program, String tables) {
        if (!installed(program.name())) {
            return false;
        }
        if (!program.nftTable().isEmpty()) {
            return tables.lines().anyMatch(program.nftTable()::equals);
        }
        try {
            return Files.readAllLines(Path.of(program.legacyList())).contains("filter");
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean installed(String program) {
        return List.of("/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private void ensure(String program, List<String> changes) {
        FilterTable table = FilterTable.parse(Commands.run(TIMEOUT, program, "-w", "-S").output());
        for (List<String> words : rule.plan(table)) {
            journal.record(new Journal.Entry.Rule(program, table.chain(), rule.text()));
            List<String> command = new ArrayList<>(List.of(program));
            command.addAll(words);
            Commands.run(command, "", TIMEOUT);
            changes.add(String.join(" ", command));
        }
    }

    /// Removes a rule that the journal names, however often it is there; what is gone is fine.
    public static void undo(Journal.Entry.Rule entry) {
        List<String> command = new ArrayList<>(List.of(entry.program()));
        command.addAll(new AcceptRule(entry.rule()).words("-D", entry.chain(), -1));
        for (int i = 0; i < 10; i++) {
            try {
                Commands.run(command, "", TIMEOUT);
            } catch (CommandException _) {
                return;
            }
        }
    }

    /// What stands in the way of forwarded connections and can't be moved from here.
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (dockerOnNftables() && !marksAccepted()) {
            String value = "0x%x/0x%x".formatted(options.mark(), options.mask());
            problems.add(
                    new Problem(
                            "Docker's nftables firewall",
                            "it drops connections to container ports that Docker has not published itself, so the listener serves and the client's address is lost",
                            "put \"bridge-accept-fwmark\": \""
                                    + value
                                    + "\" into /etc/docker/daemon.json and restart Docker, then this daemon"));
        }
        if (strictFirewalld()) {
            problems.add(
                    new Problem(
                            "firewalld",
                            "StrictForwardPorts=yes blocks connections that others rewrite",
                            "set StrictForwardPorts=no in " + FIREWALLD + " and reload firewalld"));
        }
        return problems;
    }

    /// Whether Docker's nftables firewall accepts packets by our mark, so that the mark has to be
    /// copied to them.
    public boolean marksAccepted() {
        Pattern accept =
                Pattern.compile(
                        "meta mark (& 0x%08x == 0x%08x|0x%08x/%d) .*accept"
                                .formatted(
                                        options.mask(),
                                        options.mark(),
                                        options.mark(),
                                        Integer.bitCount(options.mask())));
        return docker().lines().anyMatch(line -> accept.matcher(line).find());
    }

    private boolean dockerOnNftables() {
        return !docker().isEmpty();
    }

    private String docker() {
        try {
            return nft.listText("list table ip docker-bridges");
        } catch (NftablesException _) {
            return "";
        }
    }

    private static boolean strictFirewalld() {
        try {
            return Files.readAllLines(FIREWALLD).stream()
                    .anyMatch(line -> line.strip().equalsIgnoreCase("StrictForwardPorts=yes"));
        } catch (IOException _) {
            return false;
        }
    }
}
