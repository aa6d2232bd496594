package dev.sameport.admin;

import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.PortStatus;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import org.jspecify.annotations.Nullable;

/// What tables, JSON and explanations say about one published port, counted once.
///
/// @param status null before a plane has answered for it
record PortFacts(
        ServicePort port, @Nullable PortStatus status, int ready, int serving, long connections) {

    static PortFacts of(Snapshot snapshot, ServicePort port) {
        int ready = 0;
        int serving = 0;
        long connections = 0;
        for (Endpoint endpoint : port.endpoints()) {
            ready += endpoint.phase() == Phase.READY ? 1 : 0;
            serving += endpoint.serving() ? 1 : 0;
            connections += snapshot.connections().getOrDefault(endpoint.id(), 0L);
        }
        PortStatus status = snapshot.ports().get(port.published());
        return new PortFacts(port, status, ready, serving, connections);
    }

    String plane() {
        return status == null ? "none" : status.plane();
    }

    String reason() {
        return status == null ? "" : status.reason();
    }

    boolean conflicts() {
        return status != null && status.conflict() != null;
    }

    /// Endpoints that serve though none is ready.
    boolean lastResort() {
        return ready == 0 && serving > 0;
    }
}
