package dev.sameport.reconcile;

import dev.sameport.model.Change;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Phase;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is different between two snapshots, as lines for people. Pure.
final class Changes {
    private Changes() {}

    static List<Change> between(Snapshot before, Snapshot after) {
        List<Change> changes = new ArrayList<>();
        endpoints(before, after, changes);
        ports(before, after, changes);
        return changes;
    }

    private static void endpoints(Snapshot before, Snapshot after, List<Change> changes) {
        Map<EndpointId, Endpoint> old = endpoints(before);
        Map<EndpointId, Endpoint> current = endpoints(after);
        current.forEach((id, endpoint) -> {
            Endpoint was = old.get(id);
            if (was == null || was.phase() != endpoint.phase()) {
                changes.add(change(after, subject(endpoint), step(was, endpoint.phase())));
            }
        });
        old.forEach((id, endpoint) -> {
            if (!current.containsKey(id) && endpoint.phase() != Phase.GONE) {
                changes.add(change(after, subject(endpoint), step(endpoint, Phase.GONE)));
            }
        });
    }

    private static String subject(Endpoint endpoint) {
        return "endpoint " + endpoint.spec().name() + ":" + endpoint.id().port();
    }

    private static String step(@Nullable Endpoint was, Phase now) {
        return was == null ? text(now) : text(was.phase()) + " → " + text(now);
    }

    private static String text(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private static Map<EndpointId, Endpoint> endpoints(Snapshot snapshot) {
        Map<EndpointId, Endpoint> endpoints = new LinkedHashMap<>();
        for (Service service : snapshot.services()) {
            for (ServicePort port : service.ports()) {
                port.endpoints()
                        .forEach(endpoint -> endpoints.putIfAbsent(endpoint.id(), endpoint));
            }
        }
        return endpoints;
    }

    private static void ports(Snapshot before, Snapshot after, List<Change> changes) {
        Map<String, String> old = ports(before);
        Map<String, String> current = ports(after);
        current.forEach((port, text) -> {
            if (!text.equals(old.get(port))) {
                changes.add(change(after, "port " + port, text));
            }
        });
        old.keySet().stream()
                .filter(port -> !current.containsKey(port))
                .forEach(port -> changes.add(change(after, "port " + port, "given back")));
    }

    private static Map<String, String> ports(Snapshot snapshot) {
        Map<String, String> ports = new TreeMap<>();
        for (Service service : snapshot.services()) {
            for (ServicePort port : service.ports()) {
                PortStatus status = snapshot.ports().get(port.published());
                // Those that share a port come and go one by one.
                String sharer = port.shared() ? " (" + service.name() + ")" : "";
                ports.put(
                        port.published().text() + sharer,
                        service.name() + " " + text(port, status));
            }
        }
        return ports;
    }

    private static String text(ServicePort port, @Nullable PortStatus status) {
        if (status != null && status.conflict() != null) {
            return "conflict: " + status.conflict().what();
        }
        return switch (port.intake()) {
            case SERVE -> "served by " + (status == null ? "none" : status.plane());
            case HOLD -> "holds new connections";
            case REFUSE -> "refuses new connections";
        };
    }

    private static Change change(Snapshot after, String subject, String text) {
        return new Change(after.generation(), after.at(), subject, text);
    }
}
