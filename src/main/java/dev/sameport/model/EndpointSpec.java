package dev.sameport.model;

import org.jspecify.annotations.Nullable;

/// An endpoint as configuration wants it, before anyone looked whether it serves.
///
/// @param id which one
/// @param name what people call its replica
/// @param addresses where it listens
/// @param reach how this host gets there; never `Unreachable`
/// @param weight its share
/// @param replica what the provider saw, null for a plain address given by a person
public record EndpointSpec(
        EndpointId id,
        String name,
        EndpointAddresses addresses,
        Reach reach,
        Weight weight,
        @Nullable Replica replica) {}
