package dev.sameport.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.ServiceName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Who shares, pair by pair, straight from the design's three sentences: what the interpreter is
/// compared with. Knows only the few values that `RandomMachine` makes.
final class NaiveSharing {
    private final Map<ReplicaId, Machine.Container> containers = new TreeMap<>();
    private final boolean trusting;

    NaiveSharing(Machine machine) {
        trusting = machine.trustImageLabels;
        machine.containers.forEach(
                container -> containers.put(container.replica().id(), container));
    }

    void assertAllShare(Collection<ReplicaId> members) {
        for (ReplicaId one : members) {
            assertTrue(mayServe(container(one)), one + " must not serve");
            for (ReplicaId other : members) {
                assertTrue(
                        one.equals(other)
                                || share(container(one), container(other))
                                || withHost(container(one), container(other)),
                        one + " and " + other + " are strangers");
            }
        }
    }

    void assertNoneApart(Map<ReplicaId, ServiceName> serviceOf) {
        serviceOf.forEach((one, service) ->
                serviceOf.forEach((other, otherService) -> {
                    boolean guests =
                            host(container(one)) != container(one)
                                    || host(container(other)) != container(other);
                    if (!guests && share(container(one), container(other))) {
                        assertEquals(service, otherService, one + " and " + other);
                    }
                }));
    }

    /// Who joined a container's network and says nothing shares with whom that one does.
    private boolean withHost(Machine.Container one, Machine.Container other) {
        Machine.Container host = host(one);
        Machine.Container otherHost = host(other);
        return (host != one || otherHost != other) && (host == otherHost || share(host, otherHost));
    }

    private Machine.Container host(Machine.Container guest) {
        if (guest.joined.isEmpty() || label(guest, "sameport.publish") != null) {
            return guest;
        }
        return containers.values().stream()
                .filter(container -> container.id.equals(guest.joined))
                .findFirst()
                .orElse(guest);
    }

    private Machine.Container container(ReplicaId id) {
        Machine.Container container = containers.get(id);
        if (container == null) {
            throw new AssertionError(id + " was never observed");
        }
        return container;
    }

    private static boolean mayServe(Machine.Container container) {
        return List.of(Replica.State.RUNNING, Replica.State.PAUSED, Replica.State.RESTARTING)
                        .contains(container.state)
                && !container.own.containsKey("com.docker.compose.oneoff");
    }

    private boolean share(Machine.Container one, Machine.Container other) {
        String name = name(one);
        String otherName = name(other);
        if (name != null || otherName != null) {
            return name != null && name.equals(otherName);
        }
        String compose = compose(one);
        String otherCompose = compose(other);
        if (compose != null || otherCompose != null) {
            return compose != null && compose.equals(otherCompose);
        }
        String publish = label(one, "sameport.publish");
        String otherPublish = label(other, "sameport.publish");
        return one.image.equals(other.image)
                && publish != null
                && otherPublish != null
                && publish.strip().equals(otherPublish.strip());
    }

    private @Nullable String label(Machine.Container container, String key) {
        String own = container.own.get(key);
        return own == null && trusting ? container.fromImage.get(key) : own;
    }

    private @Nullable String name(Machine.Container container) {
        String name = label(container, "sameport.service");
        return name == null || name.contains(" ") ? null : name;
    }

    private static @Nullable String compose(Machine.Container container) {
        String project = container.own.get("com.docker.compose.project");
        String service = container.own.get("com.docker.compose.service");
        return project == null || service == null || project.equals("..")
                ? null
                : project + "|" + service;
    }
}
