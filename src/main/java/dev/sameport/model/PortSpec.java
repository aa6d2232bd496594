package dev.sameport.model;

import java.util.List;

/// One published port of a service, with the endpoints that share it, sorted by id.
///
/// @param sandboxes where replicas are to share a port, whether any is there yet or not
/// @param serverNames the names by which TLS clients reach the service on a port that others may
///   share, sorted; empty where the port is the service's own
public record PortSpec(
        PublishedPort published,
        List<EndpointSpec> endpoints,
        List<SandboxPort> sandboxes,
        List<String> serverNames) {
    public PortSpec {
        endpoints = List.copyOf(endpoints);
        sandboxes = List.copyOf(sandboxes);
        serverNames = List.copyOf(serverNames);
    }

    /// One that is the service's own.
    public PortSpec(
            PublishedPort published, List<EndpointSpec> endpoints, List<SandboxPort> sandboxes) {
        this(published, endpoints, sandboxes, List.of());
    }

    /// One that is the service's own, without sandboxes.
    public PortSpec(PublishedPort published, List<EndpointSpec> endpoints) {
        this(published, endpoints, List.of());
    }

    /// Whether the replicas or their engine hold the port themselves.
    public boolean heldBySandbox() {
        return sandboxes.stream().anyMatch(shared -> shared.sandbox().holdsPort());
    }
}
