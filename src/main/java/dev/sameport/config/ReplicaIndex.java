package dev.sameport.config;

import dev.sameport.model.Attachment;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.provider.Observation;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Every replica of all observations, once each, whatever the order they came in.
final class ReplicaIndex {
    /// The length of an engine's full id: two replicas with one such id are one container, seen
    /// through two sockets.
    private static final int FULL_ID = 64;

    private final TreeMap<ReplicaId, Replica> replicas = new TreeMap<>();
    private final Map<String, List<Replica>> byName = new HashMap<>();
    private final TreeMap<String, List<Replica>> byId = new TreeMap<>();
    private final Map<String, List<Replica>> guests = new HashMap<>();
    private final Map<ReplicaId, Asker> askers = new HashMap<>();
    private final InterpreterOptions options;

    ReplicaIndex(List<Observation.Complete> observations, InterpreterOptions options) {
        this.options = options;
        TreeMap<ReplicaId, Replica> all = new TreeMap<>();
        for (Observation.Complete observation : observations) {
            observation.replicas().forEach(replica -> all.put(replica.id(), replica));
        }
        all.values().forEach(this::add);
    }

    private void add(Replica replica) {
        List<Replica> sameId = byId.computeIfAbsent(replica.id().id(), _ -> new ArrayList<>());
        if (replica.id().id().length() >= FULL_ID && !sameId.isEmpty()) {
            return;
        }
        sameId.add(replica);
        replicas.put(replica.id(), replica);
        if (!replica.joined().isEmpty()) {
            guests.computeIfAbsent(replica.joined(), _ -> new ArrayList<>()).add(replica);
        }
        byName.computeIfAbsent(replica.name(), _ -> new ArrayList<>()).add(replica);
    }

    /// Sorted by id.
    Collection<Replica> all() {
        return replicas.values();
    }

    /// The replica with its labels read, once.
    Asker asker(Replica replica) {
        return askers.computeIfAbsent(replica.id(), _ -> Asker.of(replica, options));
    }

    /// Who is meant by a name, an id or the beginning of one: none, one or several.
    List<Replica> find(String nameOrId) {
        List<Replica> named = byName.get(nameOrId);
        if (named != null) {
            return named;
        }
        List<Replica> exact = byId.get(nameOrId);
        return exact != null ? exact : startingWith(nameOrId);
    }

    /// The replica with this full id at one provider, or null.
    @Nullable Replica withId(String id, String provider) {
        List<Replica> sameId = byId.getOrDefault(id, List.of());
        return sameId.stream()
                .filter(replica -> replica.id().provider().equals(provider))
                .findFirst()
                .orElse(sameId.isEmpty() ? null : sameId.getFirst());
    }

    /// Those who joined a replica's network namespace, sorted by id.
    List<Replica> guestsOf(ReplicaId owner) {
        return guests.getOrDefault(owner.id(), List.of());
    }

    /// The replica that has this address on a bridge of this host, or null.
    @Nullable Replica at(InetAddress address) {
        for (Replica replica : replicas.values()) {
            for (Attachment attachment : replica.attachments()) {
                if (attachment.reach() instanceof Reach.OnBridge
                        && (address.equals(attachment.ipv4())
                                || address.equals(attachment.ipv6()))) {
                    return replica;
                }
            }
        }
        return null;
    }

    private List<Replica> startingWith(String prefix) {
        List<Replica> found = new ArrayList<>();
        if (!prefix.isEmpty()) {
            for (var entry : byId.tailMap(prefix).entrySet()) {
                if (!entry.getKey().startsWith(prefix)) {
                    break;
                }
                found.addAll(entry.getValue());
            }
        }
        return found;
    }
}
