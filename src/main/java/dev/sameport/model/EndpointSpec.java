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
/// @param sandbox whose network namespace it shares with its siblings, which then are all at one
///   address; null where it listens alone
public record EndpointSpec(
        EndpointId id,
        String name,
        EndpointAddresses addresses,
        Reach reach,
        Weight weight,
        @Nullable Replica replica,
        @Nullable Sandbox sandbox) {

    /// One that listens alone.
    public EndpointSpec(
            EndpointId id,
            String name,
            EndpointAddresses addresses,
            Reach reach,
            Weight weight,
            @Nullable Replica replica) {
        this(id, name, addresses, reach, weight, replica, null);
    }
}
