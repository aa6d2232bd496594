package dev.sameport.health;

import dev.sameport.model.EndpointId;
import dev.sameport.model.HealthPolicy;
import org.jspecify.annotations.Nullable;

/// The outcome of one probe, with what led up to it.
///
/// @param accepted whether a TCP connect succeeded
/// @param healthy whether the probe got what it wants: the connection, or an answer as the policy
///   has it
/// @param healthyBefore whether any before it was
/// @param failuresInRow failed probes since the last one that succeeded, this one included
/// @param successesInRow successful probes since the last one that failed, this one included
/// @param at when it ended, in `System.nanoTime()`
public record ProbeResult(
        EndpointId endpoint,
        boolean accepted,
        boolean healthy,
        boolean healthyBefore,
        int failuresInRow,
        int successesInRow,
        long at) {
    /// Before the first probe.
    static ProbeResult none(EndpointId endpoint) {
        return new ProbeResult(endpoint, false, false, false, 0, 0, System.nanoTime());
    }

    /// Whether this one or any before it was healthy.
    boolean everHealthy() {
        return healthyBefore || healthy;
    }

    /// The outcome after `this`.
    ProbeResult next(boolean nextAccepted, boolean nextHealthy, long now) {
        return new ProbeResult(
                endpoint,
                nextAccepted,
                nextHealthy,
                healthyBefore || healthy,
                nextHealthy ? 0 : failuresInRow + 1,
                nextHealthy ? successesInRow + 1 : 0,
                now);
    }

    /// Whether the endpoint is to be taken for healthy from now on; null where this result changes
    /// nothing: a few failures, or a few successes after failures, are not news yet.
    ///
    /// The first success of all counts at once.
    public @Nullable Boolean verdict(HealthPolicy policy) {
        if (healthy) {
            return (!healthyBefore || successesInRow >= policy.rise()) ? true : null;
        }
        return failuresInRow >= policy.fall() ? false : null;
    }
}
