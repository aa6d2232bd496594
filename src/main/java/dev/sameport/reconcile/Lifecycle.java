package dev.sameport.reconcile;

import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Phase;
import dev.sameport.model.Replica;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The life of an endpoint: which phase follows from what is known. Pure.
public final class Lifecycle {
    /// How long after its stop timeout a replica that runs on is given before it may serve again.
    public static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private Lifecycle() {}

    /// The state that follows from `state`, the provider's view and the clock.
    public static EndpointState next(EndpointState state, EndpointSpec spec, Instant now) {
        Replica replica = spec.replica();
        if (state.dead() || (replica != null && !replica.alive())) {
            return state.in(Phase.GONE);
        }
        if (replica != null && replica.state() == Replica.State.PAUSED) {
            return state.in(Phase.PAUSED);
        }
        Instant until = drainingUntil(state, replica);
        if (until != null) {
            return now.isBefore(until)
                    ? state.in(Phase.DRAINING)
                    : state.stopping(null).in(byHealth(state, replica));
        }
        return state.in(byHealth(state, replica));
    }

    /// When a replica that ignores its stop signal may be probed for service again; null where it
    /// was not told to stop.
    static @Nullable Instant drainingUntil(EndpointState state, @Nullable Replica replica) {
        Instant stopping = state.stopping();
        if (stopping == null || replica == null) {
            return null;
        }
        return stopping.plus(replica.stop().timeout()).plus(STOP_GRACE);
    }

    private static Phase byHealth(EndpointState state, @Nullable Replica replica) {
        Replica.Health health = replica == null ? Replica.Health.NONE : replica.health();
        return switch (health) {
            case STARTING -> Phase.STARTING;
            case UNHEALTHY -> Phase.UNHEALTHY;
            case HEALTHY, NONE -> byProbe(state);
        };
    }

    private static Phase byProbe(EndpointState state) {
        if (state.accepting() && state.healthy()) {
            return Phase.READY;
        }
        return switch (state.phase()) {
            case READY, UNHEALTHY, PAUSED -> Phase.UNHEALTHY;
            case STARTING, DRAINING, GONE -> Phase.STARTING;
        };
    }
}
