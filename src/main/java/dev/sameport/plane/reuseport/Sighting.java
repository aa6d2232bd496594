package dev.sameport.plane.reuseport;

import dev.sameport.model.EndpointSpec;

/// A member of a sandbox began to listen on the shared port, or ceased to.
public record Sighting(EndpointSpec member, boolean listens) {}
