package dev.sameport.daemon;

import dev.sameport.model.Addresses;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.reconcile.Memory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/// Which replica is behind each address that the rules lead to: one line each, `provider id
/// startedAt ip port`. The next daemon trusts an address only if it still is the same run of the
/// same replica.
final class Ledger {
    private final Path file;
    private Set<String> written = Set.of();

    Ledger(Path runDirectory) {
        this.file = runDirectory.resolve("ledger");
    }

    /// What the last daemon wrote; lines that can't be read are no proof of anything.
    Set<Memory.Adopted> read() {
        Set<Memory.Adopted> adopted = new HashSet<>();
        try {
            for (String line : Files.readAllLines(file)) {
                readLine(line, adopted);
            }
            return adopted;
        } catch (NoSuchFileException _) {
            return Set.of();
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    private static void readLine(String line, Set<Memory.Adopted> adopted) {
        String[] words = line.split(" ", -1);
        if (words.length != 5) {
            return;
        }
        try {
            adopted.add(
                    new Memory.Adopted(
                            new ReplicaId(words[0], words[1]),
                            Instant.parse(words[2]),
                            new InetSocketAddress(
                                    InetAddress.ofLiteral(words[3]), Integer.parseInt(words[4]))));
        } catch (DateTimeException | IllegalArgumentException _) {
            // Torn or foreign: that endpoint has to prove itself.
        }
    }

    /// Writes what `desired` puts in force, if that is news.
    void write(Desired desired) {
        Set<String> lines = new TreeSet<>();
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                port.endpoints().stream()
                        .filter(endpoint -> endpoint.phase() == Phase.READY)
                        .forEach(endpoint -> add(endpoint, lines));
            }
        }
        if (lines.equals(written)) {
            return;
        }
        try {
            Path temporary = file.resolveSibling("ledger.new");
            Files.write(temporary, lines);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            written = lines;
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }

    private static void add(Endpoint endpoint, Set<String> lines) {
        Replica replica = endpoint.spec().replica();
        Instant run = replica == null ? Instant.EPOCH : replica.startedAt();
        ReplicaId id = endpoint.id().replica();
        if (id.provider().contains(" ") || id.id().contains(" ")) {
            return;
        }
        for (InetSocketAddress address : endpoint.spec().addresses().all()) {
            lines.add(
                    id.provider()
                            + " "
                            + id.id()
                            + " "
                            + run
                            + " "
                            + Addresses.plain(address.getAddress())
                            + " "
                            + address.getPort());
        }
    }
}
