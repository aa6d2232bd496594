package dev.sameport.plane.nat;

import dev.sameport.linux.Commands;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Nftables;
import java.time.Duration;

/// A network namespace of a test, with its own nftables; both vanish with it.
final class TestNamespace implements AutoCloseable {
    final NetworkNamespace namespace = NetworkNamespace.createAnonymous();
    final Nftables nftables = Nftables.open(namespace);

    /// Runs a command in it, split at blanks, and returns what it wrote.
    String run(String command) {
        return namespace.call(
                () -> Commands.run(Duration.ofSeconds(20), command.split(" ")).output());
    }

    /// The table as `nft -s list` writes it, in one order whatever the history.
    String table() {
        return TableText.comparable(run("nft -s list table inet sameport"));
    }

    /// The same, without starting a process.
    String tableInProcess() {
        return TableText.comparable(nftables.listText("list table inet sameport"));
    }

    @Override
    public void close() {
        nftables.close();
        namespace.close();
    }
}
