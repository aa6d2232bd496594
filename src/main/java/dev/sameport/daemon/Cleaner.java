package dev.sameport.daemon;

import dev.sameport.journal.Entry;
import dev.sameport.journal.Journal;
import dev.sameport.linux.CommandException;
import dev.sameport.linux.Commands;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.linux.NftablesUnavailableException;
import dev.sameport.model.Problem;
import dev.sameport.plane.nat.NatOptions;
import dev.sameport.plane.nat.NatPlane;
import dev.sameport.plane.nat.forward.Engines;
import dev.sameport.plane.nat.forward.ForwardAccept;
import dev.sameport.plane.nat.forward.Forwarding;
import dev.sameport.plane.reuseport.Remains;
import dev.sameport.provider.process.NamespacePlacement;
import dev.sameport.provider.process.RunSubnet;
import dev.sameport.provider.process.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// `sameport clean`: everything back as before the first start, without a daemon and after any
/// crash.
public final class Cleaner {
    private final Path runDirectory;
    private final Path stateDirectory;
    private final Set<Path> sockets;
    private boolean complete = true;

    /// @param sockets of engines that may have sandboxes, beside those that a daemon wrote down
    public Cleaner(Path runDirectory, Path stateDirectory, Set<Path> sockets) {
        this.runDirectory = runDirectory;
        this.stateDirectory = stateDirectory;
        this.sockets = Set.copyOf(sockets);
    }

    /// Throws `IllegalStateException` if a daemon runs: it would put everything back.
    public void check() {
        if (DaemonLock.held(runDirectory)) {
            throw new IllegalStateException(
                    "a daemon runs in " + runDirectory + "; stop it first, then clean");
        }
    }

    /// What would lose its port, or be removed, as a few lines.
    public String preview() {
        return ports() + engines().preview();
    }

    private EngineRemains engines() {
        return EngineRemains.look(EngineRemains.noted(runDirectory), sockets);
    }

    private String ports() {
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
        shared(done);
        complete &= engines().remove(done);
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

    private void shared(StringBuilder done) {
        try {
            Remains.remove(runDirectory).forEach(line -> done.append(line).append('\n'));
        } catch (LinuxException e) {
            complete = false;
            done.append("The programs that shared ports could not be removed: ")
                    .append(e.getMessage())
                    .append('\n');
        }
    }

    /// What the journal says was changed elsewhere, the latest first.
    private void undo(StringBuilder done) {
        try (Nftables nft = Nftables.open()) {
            Journal journal = new Journal(runDirectory);
            List<Entry> before = journal.entries();
            List<Problem> problems =
                    new ArrayList<>(
                            new Forwarding(nft, journal, NatOptions.DEFAULT)
                                    .putBack(Engines.run()));
            // Also without a journal: the rules say whose they are.
            problems.addAll(new ForwardAccept(nft, journal, NatOptions.DEFAULT).undo());
            // What an engine needs is not undone.
            problems.addAll(journal.undo(entry -> !Forwarding.isOurs(entry)));
            List<Entry> after = journal.entries();
            before.stream()
                    .filter(entry -> !after.contains(entry))
                    .forEach(entry -> done.append("Put back: ").append(entry.text()).append('\n'));
            problems.forEach(problem -> done.append(problem).append('\n'));
            complete &= problems.isEmpty();
        } catch (NftablesUnavailableException _) {
            // Without nftables nothing was changed.
        }
    }

    /// A journal that is still there has something to tell, of this network namespace or another:
    /// it stays, and its folder with it.
    private void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> found = Files.walk(directory)) {
            List<Path> files = found.sorted(Comparator.reverseOrder()).toList();
            List<Path> journals = files.stream().filter(Cleaner::isJournal).toList();
            for (Path file : files) {
                if (journals.stream().noneMatch(journal -> journal.startsWith(file))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove " + directory, e);
        }
    }

    private static boolean isJournal(Path file) {
        return String.valueOf(file.getFileName()).startsWith(Journal.FILE);
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
