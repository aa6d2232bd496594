package dev.sameport.reconcile;

import dev.sameport.model.Phase;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is remembered about one endpoint from pass to pass.
///
/// @param run when its replica was started: a restart is a new life with nothing remembered; epoch
///   for plain addresses
/// @param phase where it is in its life
/// @param accepting whether probes connect, as `HealthPolicy.rise` and `fall` count it
/// @param healthy whether probes also get the answers that they want, counted likewise
/// @param natWorks whether a connection that the kernel rewrote arrived
/// @param trying whether that is being tried for the first time: until it is known the endpoint is
///   left to those who wait for any
/// @param stopping when its stop signal was sent, or null
/// @param dead whether its process is known to have ended
public record EndpointState(
        Instant run,
        Phase phase,
        boolean accepting,
        boolean healthy,
        boolean natWorks,
        boolean trying,
        @Nullable Instant stopping,
        boolean dead) {

    /// One that nobody has looked at yet.
    public static EndpointState fresh(Instant run) {
        return new EndpointState(run, Phase.STARTING, false, false, false, false, null, false);
    }

    /// One that an earlier daemon had in force and that still is the same replica: it serves until
    /// a probe says otherwise.
    public static EndpointState adopted(Instant run) {
        return new EndpointState(run, Phase.READY, true, true, true, false, null, false);
    }

    EndpointState in(Phase next) {
        return next == phase
                ? this
                : new EndpointState(
                        run, next, accepting, healthy, natWorks, trying, stopping, dead);
    }

    EndpointState probed(Probed probed) {
        boolean works = probed.natWorks() == null ? natWorks : probed.natWorks();
        return new EndpointState(
                run,
                phase,
                probed.accepted(),
                probed.healthy(),
                works,
                probed.trying(),
                stopping,
                dead);
    }

    EndpointState stopping(@Nullable Instant at) {
        return new EndpointState(run, phase, accepting, healthy, natWorks, trying, at, dead);
    }

    EndpointState died() {
        return new EndpointState(run, phase, false, false, natWorks, false, stopping, true);
    }
}
