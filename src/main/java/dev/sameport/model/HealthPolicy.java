package dev.sameport.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// `sameport.health.*`: how an endpoint is probed once it runs.
///
/// @param strict `sameport.health=strict`: unhealthy endpoints never serve, not even when no other
///   is left
/// @param port the port to probe; 0 is the endpoint's own
/// @param interval time between probes of a ready endpoint
/// @param timeout how long one probe may take
/// @param rise successes in a row that bring it back
/// @param fall failures in a row that take it out
/// @param http what it is asked; null where it only has to accept connections
public record HealthPolicy(
        boolean strict,
        int port,
        Duration interval,
        Duration timeout,
        int rise,
        int fall,
        @Nullable HttpProbe http) {
    public static final HealthPolicy DEFAULT =
            new HealthPolicy(false, 0, Duration.ofSeconds(5), Duration.ofSeconds(2), 1, 2, null);
}
