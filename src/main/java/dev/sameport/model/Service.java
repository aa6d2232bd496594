package dev.sameport.model;

import java.util.List;

/// A group of interchangeable endpoints behind its published ports, as it should be now.
public record Service(ServiceName name, List<ServicePort> ports, Policies policies) {
    public Service {
        ports = List.copyOf(ports);
    }
}
