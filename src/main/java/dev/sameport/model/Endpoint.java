package dev.sameport.model;

/// An endpoint with its phase: what the planes are given.
///
/// @param accepting whether its last TCP connect succeeded
/// @param serving whether new connections go to it: ready ones, or, while none is, those that
///   accept
/// @param natWorks whether a connection that the kernel rewrote was seen to arrive
public record Endpoint(
        EndpointSpec spec, Phase phase, boolean accepting, boolean serving, boolean natWorks) {
    public EndpointId id() {
        return spec.id();
    }
}
