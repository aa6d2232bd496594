package dev.sameport.model;

import java.util.List;

/// A published port with its endpoints' phases and what happens to a new connection.
///
/// @param heldBySandbox whether the replicas or their engine hold the port themselves: then there
///   is neither a listener nor a rewrite for it
public record ServicePort(
        PublishedPort published, List<Endpoint> endpoints, Intake intake, boolean heldBySandbox) {

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
        this(published, endpoints, intake, false);
    }

    public ServicePort {
        endpoints = List.copyOf(endpoints);
    }

    /// The endpoints that new connections go to.
    public List<Endpoint> serving() {
        return endpoints.stream().filter(Endpoint::serving).toList();
    }
}
