package dev.sameport.journal;

import dev.sameport.linux.CommandException;
import dev.sameport.linux.Commands;
import dev.sameport.linux.Iptables;
import dev.sameport.linux.Link;
import dev.sameport.linux.Links;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.linux.NftablesUnavailableException;
import dev.sameport.linux.Sysctl;
import dev.sameport.model.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Undoes entries, in the calling thread's network namespace. Each is looked at first: what is gone
/// already is fine.
final class Undo implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Supplier<Nftables> open;
    private @Nullable Nftables opened; // confined to the caller

    /// @param open opens the nftables, when first needed
    Undo(Supplier<Nftables> open) {
        this.open = open;
    }

    /// Returns whether the entry is settled; adds why not, or what a person should know.
    boolean tryToUndo(Entry entry, List<Problem> problems) {
        try {
            switch (entry) {
                case Entry.Setting setting -> putBack(setting, problems);
                case Entry.Rule rule -> removeRule(rule);
                case Entry.Table(String name) ->
                        nft().apply("add table " + name + "\ndelete table " + name + "\n");
                case Entry.CausedTable(String name) -> removeEmpty("table", name);
                case Entry.CausedChain(String table, String chain) ->
                        removeEmpty("chain", table + " " + chain);
                case Entry.Link(String name) -> removeLink(name);
                case Entry.Namespace(String name) -> removeNamespace(name);
            }
            return true;
        } catch (LinuxException
                | CommandException
                | NftablesException
                | NftablesUnavailableException
                | IllegalArgumentException e) {
            problems.add(
                    new Problem(
                            entry.text(),
                            "it could not be put back: " + e.getMessage(),
                            "mend that and clean again, or put it back by hand"));
            return false;
        }
    }

    private static void putBack(Entry.Setting setting, List<Problem> problems) {
        String value = Sysctl.read(setting.name()).orElse(setting.former());
        if (value.equals(setting.former())) {
            return;
        }
        if (!setting.set().isEmpty() && !value.equals(setting.set())) {
            problems.add(
                    new Problem(
                            setting.name(),
                            "it was set to " + value + " by somebody else since, and stays so",
                            "set it to " + setting.former() + " if that is what it should be"));
            return;
        }
        Sysctl.write(setting.name(), setting.former());
    }

    private void removeRule(Entry.Rule entry) {
        Iptables program = Iptables.named(entry.program());
        if (!program.hasTable(entry.table(), this::nft)) {
            return;
        }
        String line = "-A " + entry.chain() + " " + entry.rule();
        int count = Collections.frequency(program.rules(entry.table()), line);
        if (count > 0) {
            String delete = "-D " + entry.chain() + " " + entry.rule() + "\n";
            program.change(entry.table(), delete.repeat(count));
        }
    }

    private void removeEmpty(String kind, String name) {
        if (Listing.has(nft(), kind, name) && Listing.isEmpty(nft(), kind, name)) {
            nft().apply("delete " + kind + " " + name + "\n");
        }
    }

    private static void removeLink(String name) {
        try (Links links = Links.open()) {
            if (links.links().stream().map(Link::name).anyMatch(name::equals)) {
                var _ = Commands.run(TIMEOUT, "ip", "link", "delete", "dev", name);
            }
        }
    }

    private static void removeNamespace(String name) {
        if (Files.exists(Path.of("/run/netns", name))) {
            var _ = Commands.run(TIMEOUT, "ip", "netns", "delete", name);
        }
    }

    private Nftables nft() {
        Nftables nft = opened;
        if (nft == null) {
            nft = open.get();
            opened = nft;
        }
        return nft;
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
