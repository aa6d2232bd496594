package dev.sameport.model;

import java.util.List;

/// One published port of a service, with the endpoints that share it, sorted by id.
///
/// @param sandboxes where replicas are to share a port, whether any is there yet or not
public record PortSpec(
        PublishedPort published, List<EndpointSpec> endpoints, List<SandboxPort> sandboxes) {
    public PortSpec {
        endpoints = List.copyOf(endpoints);
        sandboxes = List.copyOf(sandboxes);
    }

    /// One without sandboxes.
    public PortSpec(PublishedPort published, List<EndpointSpec> endpoints) {
        this(published, endpoints, List.of());
    }

    /// Whether the replicas or their engine hold the port themselves.
    public boolean heldBySandbox() {
        return sandboxes.stream().anyMatch(shared -> shared.sandbox().holdsPort());
    }
}
