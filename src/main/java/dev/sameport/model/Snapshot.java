package dev.sameport.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Everything that a person or a program can ask the daemon about, at one moment; immutable.
///
/// @param generation the number of the applied state
/// @param services as applied, sorted by name
/// @param ports how each published port is served
/// @param connections new connections each endpoint got since the daemon began to count, all planes
///   together
/// @param problems everything that a person should mend
/// @param providers engines, files, `run`
public record Snapshot(
        long generation,
        Instant at,
        List<Service> services,
        Map<PublishedPort, PortStatus> ports,
        Map<EndpointId, Long> connections,
        List<Problem> problems,
        List<ProviderStatus> providers) {
    public static final Snapshot EMPTY =
            new Snapshot(0, Instant.EPOCH, List.of(), Map.of(), Map.of(), List.of(), List.of());

    public Snapshot {
        services = List.copyOf(services);
        ports = Map.copyOf(ports);
        connections = Map.copyOf(connections);
        problems = List.copyOf(problems);
        providers = List.copyOf(providers);
    }
}
