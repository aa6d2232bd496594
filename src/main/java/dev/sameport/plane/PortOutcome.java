package dev.sameport.plane;

import dev.sameport.model.Problem;

/// What a plane could do for one published port.
public sealed interface PortOutcome {
    /// The plane carries the port's new connections.
    record Carried() implements PortOutcome {}

    /// It can't, though nothing is wrong; the listener serves. `reason` completes the sentence
    /// "served by the listener: …".
    record Declined(String reason) implements PortOutcome {}

    /// It can't and nobody can: the port is not ours to have.
    record Conflict(Problem problem) implements PortOutcome {}
}
