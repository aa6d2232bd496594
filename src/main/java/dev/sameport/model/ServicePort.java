package dev.sameport.model;

import java.util.List;

/// A published port with its endpoints' phases and what happens to a new connection.
///
/// @param heldBySandbox whether the replicas or their engine hold the port themselves: then there
///   is neither a listener nor a rewrite for it
/// @param serverNames the names by which TLS clients reach the service on a port that others may
///   share, sorted; empty where the port is the service's own
public record ServicePort(
        PublishedPort published,
        List<Endpoint> endpoints,
        Intake intake,
        boolean heldBySandbox,
        List<String> serverNames) {

    /// What happens to a new connection.
    public enum Intake {
        /// It goes to one of the serving endpoints.
        SERVE,
        /// It waits in the listener for an endpoint.
        HOLD,
        /// It is reset.
        REFUSE
    }

    /// One that a listener of ours holds.
    public ServicePort(PublishedPort published, List<Endpoint> endpoints, Intake intake) {
        this(published, endpoints, intake, false, List.of());
    }

    public ServicePort {
        endpoints = List.copyOf(endpoints);
        serverNames = List.copyOf(serverNames);
    }

    /// Whether other services may have the same published port.
    public boolean shared() {
        return !serverNames.isEmpty();
    }

    /// The endpoints that new connections go to.
    public List<Endpoint> serving() {
        return endpoints.stream().filter(Endpoint::serving).toList();
    }
}
