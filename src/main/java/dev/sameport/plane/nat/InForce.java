package dev.sameport.plane.nat;

import dev.sameport.model.PublishedPort;
import java.net.InetSocketAddress;
import java.util.Set;

/// A published port that the kernel dispatches, with the endpoints that it dispatches to.
public record InForce(PublishedPort published, Set<InetSocketAddress> endpoints) {
    public InForce {
        endpoints = Set.copyOf(endpoints);
    }
}
