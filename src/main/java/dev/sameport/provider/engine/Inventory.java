package dev.sameport.provider.engine;

import dev.sameport.engine.Container;
import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EngineException;
import dev.sameport.engine.EngineUnreachableException;
import dev.sameport.engine.Network;
import dev.sameport.model.Replica;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The containers of one engine as they were last inspected. Confined to the provider's thread.
///
/// One container of which the engine can't speak sensibly (a broken one answers 500, a stuck one
/// not at all) does not hide the others: what was last seen of it stays, and it is asked for again.
final class Inventory {
    private final EngineClient client;
    private final ReplicaReader reader;
    private final Urgent urgent;
    private final TreeMap<String, Replica> replicas = new TreeMap<>();
    private final TreeMap<String, String> unread = new TreeMap<>();
    private final Map<String, Map<String, String>> imageLabels = new HashMap<>();
    private final Map<String, Network> networks = new HashMap<>();

    Inventory(EngineClient client, ReplicaReader reader, Urgent urgent) {
        this.client = client;
        this.reader = reader;
        this.urgent = urgent;
    }

    List<Replica> replicas() {
        return List.copyOf(replicas.values());
    }

    /// Why containers could not be read, by id.
    Map<String, String> unread() {
        return unread;
    }

    /// Looks at everything.
    ///
    /// @throws EngineException when the list can't be had; nothing is forgotten then
    void list() {
        List<String> ids = client.containers();
        Set<String> there = Set.copyOf(ids);
        replicas.keySet().retainAll(there);
        unread.keySet().retainAll(there);
        urgent.retain(there);
        networks.clear();
        Set<String> images = new HashSet<>();
        look(ids, images);
        if (unread.isEmpty()) {
            imageLabels.keySet().retainAll(images);
        }
    }

    /// Looks at these.
    ///
    /// @throws EngineUnreachableException when the engine is gone
    void look(Collection<String> ids) {
        look(ids, new HashSet<>());
    }

    private void look(Collection<String> ids, Set<String> images) {
        // Docker's ids are for ever; what is asked for by name (Podman) may be another one by now.
        networks.entrySet().removeIf(entry -> !entry.getKey().equals(entry.getValue().id()));
        for (String id : ids) {
            try {
                Container container = client.inspect(id);
                if (!container.id().equals(id)) {
                    throw new EngineException(
                            "asked for %s, the engine answers about %s"
                                    .formatted(id, container.id()));
                }
                images.add(container.imageId());
                Replica replica =
                        reader.read(container, networksOf(container), labelsOf(container));
                replicas.put(id, replica);
                unread.remove(id);
                urgent.know(container, replica.id());
            } catch (EngineUnreachableException e) {
                throw e;
            } catch (EngineException e) {
                missed(id, e);
            }
        }
    }

    private void missed(String id, EngineException e) {
        if (e.notFound()) {
            replicas.remove(id);
            unread.remove(id);
            urgent.forget(id);
        } else {
            unread.put(id, String.valueOf(e.getMessage()));
        }
    }

    /// Those of a container that runs, by what it calls them.
    private Map<String, Network> networksOf(Container container) {
        for (Container.Attached attached : container.networks()) {
            String id = attached.networkId();
            boolean matters = container.pid() > 0 && attached.hasAddress() && !id.isEmpty();
            if (matters && !networks.containsKey(id)) {
                try {
                    networks.put(id, client.network(id));
                } catch (EngineException e) {
                    if (!e.notFound()) {
                        throw e;
                    }
                }
            }
        }
        return networks;
    }

    /// Null where the image is gone.
    private @Nullable Map<String, String> labelsOf(Container container) {
        if (container.labels().isEmpty()) {
            return Map.of();
        }
        Map<String, String> known = imageLabels.get(container.imageId());
        if (known != null) {
            return known;
        }
        try {
            Map<String, String> labels = client.imageLabels(container.imageId());
            imageLabels.put(container.imageId(), labels);
            return labels;
        } catch (EngineException e) {
            if (e.notFound()) {
                return null;
            }
            throw e;
        }
    }
}
