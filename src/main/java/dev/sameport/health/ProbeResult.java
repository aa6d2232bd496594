package dev.sameport.health;

import dev.sameport.model.EndpointId;

/// The outcome of one probe, with what led up to it.
///
/// @param accepted whether a TCP connect succeeded
/// @param failuresInRow failed probes since the last one that succeeded, this one included
/// @param successesInRow successful probes since the last one that failed, this one included
/// @param at when it ended, in `System.nanoTime()`
public record ProbeResult(
        EndpointId endpoint, boolean accepted, int failuresInRow, int successesInRow, long at) {
    /// The outcome after `this`.
    ProbeResult next(boolean nextAccepted, long now) {
        return new ProbeResult(
                endpoint,
                nextAccepted,
                nextAccepted ? 0 : failuresInRow + 1,
                nextAccepted ? successesInRow + 1 : 0,
                now);
    }
}
