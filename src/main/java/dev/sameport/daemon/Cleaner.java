package dev.sameport.daemon;

import dev.sameport.journal.Journal;
import dev.sameport.linux.CommandException;
import dev.sameport.linux.Commands;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.linux.NftablesUnavailableException;
import dev.sameport.linux.Sysctl;
import dev.sameport.plane.nat.NatOptions;
import dev.sameport.plane.nat.NatPlane;
import dev.sameport.plane.nat.forward.ForwardAccept;
import dev.sameport.provider.process.NamespacePlacement;
import dev.sameport.provider.process.RunSubnet;
import dev.sameport.provider.process.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// `sameport clean`: everything back as before the first start, without a daemon and after any
/// crash.
public final class Cleaner {
    private final Path runDirectory;
    private final Path stateDirectory;
    private boolean complete = true;

    public Cleaner(Path runDirectory, Path stateDirectory) {
        this.runDirectory = runDirectory;
        this.stateDirectory = stateDirectory;
    }

    /// Throws `IllegalStateException` if a daemon runs: it would put everything back.
    public void check() {
        if (DaemonLock.held(runDirectory)) {
            throw new IllegalStateException(
                    "a daemon runs in " + runDirectory + "; stop it first, then clean");
        }
    }

    /// What would lose its port, as a few lines.
    public String preview() {
        try {
            List<String> endpoints = Files.readAllLines(runDirectory.resolve("ledger"));
            return endpoints.isEmpty()
                    ? ""
                    : "These endpoints get no connections through published ports any more:\n"
                            + String.join(
                                    "",
                                    endpoints.stream().map(line -> "  " + line + "\n").toList());
        } catch (IOException _) {
            return "";
        }
    }

    /// Cleans, and says what it did.
    public String clean(boolean purge) {
        StringBuilder done = new StringBuilder();
        rules(done);
        new NamespacePlacement(runDirectory, RunSubnet.standard(), shell(), () -> {}).sweep();
        undo(done);
        delete(runDirectory);
        if (purge) {
            delete(stateDirectory);
            done.append("Published services and claims were forgotten.\n");
        }
        return done.append(complete ? "Clean.\n" : "Not everything could be put back; see above.\n")
                .toString();
    }

    /// Whether everything could be put back.
    public boolean complete() {
        return complete;
    }

    private void rules(StringBuilder done) {
        try (NatPlane nat = new NatPlane(Nftables.open(), NatOptions.DEFAULT)) {
            nat.erase();
            done.append("Table inet sameport is gone.\n");
        } catch (NftablesUnavailableException _) {
            // Without nftables there never were rules.
        } catch (NftablesException e) {
            complete = false;
            done.append("The table could not be removed: ").append(e.reason()).append('\n');
        }
    }

    /// What the journal says was changed elsewhere, the latest first.
    private void undo(StringBuilder done) {
        for (Journal.Entry entry : new Journal(runDirectory).entries().reversed()) {
            try {
                switch (entry) {
                    case Journal.Entry.Rule rule -> ForwardAccept.undo(rule);
                    case Journal.Entry.Table(String name) -> removeTable(name);
                    case Journal.Entry.Setting(String name, String former) ->
                            Sysctl.write(name, former);
                }
                done.append("Put back: ").append(text(entry)).append('\n');
            } catch (LinuxException | NftablesException | NftablesUnavailableException e) {
                complete = false;
                done.append("Could not put back ")
                        .append(text(entry))
                        .append(": ")
                        .append(e.getMessage())
                        .append('\n');
            }
        }
    }

    private static void removeTable(String name) {
        try (Nftables nft = Nftables.open()) {
            nft.apply("add table " + name + "\ndelete table " + name + "\n");
        }
    }

    private static String text(Journal.Entry entry) {
        return switch (entry) {
            case Journal.Entry.Rule(String program, String chain, _) ->
                    "the accept rule in " + chain + " of " + program;
            case Journal.Entry.Table(String name) -> "table " + name;
            case Journal.Entry.Setting(String name, String former) -> name + " = " + former;
        };
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove " + directory, e);
        }
    }

    /// Runs the commands of namespaces.
    static Shell shell() {
        Duration timeout = Duration.ofSeconds(10);
        return new Shell() {
            @Override
            public void run(List<String> command, String input) {
                Commands.run(command, input, timeout);
            }

            @Override
            public boolean succeeds(List<String> command) {
                try {
                    Commands.run(command, "", timeout);
                    return true;
                } catch (CommandException _) {
                    return false;
                }
            }
        };
    }
}
