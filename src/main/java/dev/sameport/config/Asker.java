package dev.sameport.config;

import dev.sameport.model.Labels;
import dev.sameport.model.Mapping;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Replica;
import dev.sameport.model.Weight;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A replica that may ask for a published port, with its labels read.
record Asker(Replica replica, Reading reading) {
    /// Latest start first, then the greatest id: whose labels hold.
    static final Comparator<Asker> NEWEST_FIRST = Comparator.comparing(Asker::seniority).reversed();

    /// Reads the labels that count.
    static Asker of(Replica replica, InterpreterOptions options) {
        Labels labels = options.trustImageLabels() ? withImage(replica) : replica.own();
        return new Asker(replica, SameportLabels.read(subject(replica), labels));
    }

    private static Labels withImage(Replica replica) {
        TreeMap<String, String> labels = new TreeMap<>(replica.fromImage().values());
        labels.putAll(replica.own().values());
        return new Labels(labels);
    }

    /// Only a replica that runs or is about to asks for anything.
    static boolean asks(Replica replica) {
        return replica.alive() || replica.state() == Replica.State.RESTARTING;
    }

    /// How problems call a replica.
    static String subject(Replica replica) {
        String kind = replica.id().provider().equals("run") ? "process " : "container ";
        return kind + Escaped.text(replica.name());
    }

    String subject() {
        return subject(replica);
    }

    Seniority seniority() {
        return new Seniority(replica.startedAt(), replica.id().provider(), replica.id().id());
    }

    /// Whether its labels speak for the service: a member that only joins does not.
    boolean speaks() {
        return reading.says(SameportLabels.PUBLISH);
    }

    /// Where published ports lead in this replica by its own word.
    Map<PublishedPort, Integer> ownPorts() {
        Map<PublishedPort, Integer> ports = new HashMap<>();
        for (Mapping own : reading.settings().publish()) {
            ports.put(own.published(), own.containerPort());
        }
        return ports;
    }

    /// The network to reach it by; null is that of the default route.
    @Nullable String network(@Nullable String ofService) {
        String own = reading.settings().network();
        boolean silent = !speaks() || reading.invalid().contains(SameportLabels.NETWORK);
        return own == null && silent ? ofService : own;
    }

    Weight weight() {
        return reading.settings().weight();
    }
}
