package dev.sameport.model;

import java.util.List;

/// A published port with its endpoints' phases and what happens to a new connection.
public record ServicePort(PublishedPort published, List<Endpoint> endpoints, Intake intake) {

    /// What happens to a new connection.
    public enum Intake {
        /// It goes to one of the serving endpoints.
        SERVE,
        /// It waits in the listener for an endpoint.
        HOLD,
        /// It is reset.
        REFUSE
    }

    public ServicePort {
        endpoints = List.copyOf(endpoints);
    }

    /// The endpoints that new connections go to.
    public List<Endpoint> serving() {
        return endpoints.stream().filter(Endpoint::serving).toList();
    }
}
