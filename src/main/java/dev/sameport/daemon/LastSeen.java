package dev.sameport.daemon;

import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.provider.Observation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the engines last said of the replicas that serve: `replicas.jsonl` in the run directory, a
/// line each. A daemon that starts while an engine is down goes on with those whose process is
/// still the same.
final class LastSeen {
    private final Path file;
    // confined to the thread that writes
    private Map<ReplicaId, Replica> written = Map.of();

    LastSeen(Path runDirectory) {
        this.file = runDirectory.resolve("replicas.jsonl");
    }

    /// What each provider would say, as far as can be known without it. Lines that can't be read
    /// are no proof of anything.
    Map<String, Observation.Complete> read() {
        Map<String, List<Replica>> living = new TreeMap<>();
        try {
            for (String text : Files.readAllLines(file)) {
                readLine(text, living);
            }
        } catch (NoSuchFileException _) {
            return Map.of();
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
        Map<String, Observation.Complete> seen = new TreeMap<>();
        living.forEach((provider, replicas) ->
                seen.put(provider, new Observation.Complete(provider, replicas, List.of())));
        return seen;
    }

    private static void readLine(String text, Map<String, List<Replica>> living) {
        try {
            ReplicaLine line = ReplicaLine.parse(text);
            if (line.lives()) {
                living.computeIfAbsent(line.provider(), _ -> new ArrayList<>()).add(line.replica());
            }
        } catch (IllegalArgumentException _) {
            // Torn or foreign: that replica waits for its engine.
        }
    }

    /// Writes down who serves now, if that is news.
    void write(Desired desired) {
        Map<ReplicaId, Replica> serving = new TreeMap<>();
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                for (Endpoint endpoint : port.endpoints()) {
                    Replica replica = endpoint.spec().replica();
                    if (replica != null && endpoint.phase() == Phase.READY) {
                        serving.put(replica.id(), replica);
                        Sandbox sandbox = endpoint.spec().sandbox();
                        if (sandbox != null && sandbox.owner() != null) {
                            serving.put(sandbox.owner().id(), sandbox.owner());
                        }
                    }
                }
            }
        }
        if (serving.equals(written)) {
            return;
        }
        List<String> lines = new ArrayList<>();
        for (Replica replica : serving.values()) {
            ReplicaLine line = ReplicaLine.of(replica);
            if (line != null) {
                lines.add(line.text());
            }
        }
        try {
            Path temporary = file.resolveSibling("replicas.new");
            Files.write(temporary, lines);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            written = serving;
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }
}
