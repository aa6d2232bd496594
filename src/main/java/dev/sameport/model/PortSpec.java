package dev.sameport.model;

import java.util.List;

/// One published port of a service, with the endpoints that share it, sorted by id.
public record PortSpec(PublishedPort published, List<EndpointSpec> endpoints) {
    public PortSpec {
        endpoints = List.copyOf(endpoints);
    }
}
