package dev.sameport.model;

/// One line of `sameport.publish`: a published port and the port in the container that it leads to.
public record Mapping(PublishedPort published, int containerPort) {
    public Mapping {
        Ports.check("container port", containerPort);
    }
}
