package dev.sameport.model;

import java.util.List;

/// A service as configuration wants it: which ports, which endpoints, which policies; claims are
/// already settled.
///
/// @param ports sorted; only the published ports that this service holds the claim to
/// @param permanent whether its ports stay reserved without a live replica (declared by a person)
///   or are given back after the hold
public record ServiceSpec(
        ServiceName name, List<PortSpec> ports, Policies policies, boolean permanent) {
    public ServiceSpec {
        ports = List.copyOf(ports);
    }
}
