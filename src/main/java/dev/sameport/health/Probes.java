package dev.sameport.health;

import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.HealthPolicy;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Watches endpoints: whether each accepts connections at the moment, and answers as its policy
/// wants it. Any thread.
///
/// The address probed is the endpoint's preferred one (IPv4 where it has both).
public final class Probes implements AutoCloseable {
    private final Dialer dialer;
    private final ConcurrentHashMap<EndpointId, EndpointProbe> running = new ConcurrentHashMap<>();
    private final AtomicInteger starting = new AtomicInteger();

    /// Watches nothing until told to.
    public Probes(Dialer dialer) {
        this.dialer = dialer;
    }

    /// Probes an endpoint from now on: at once, every 5 ms while it never was healthy (after 30 s
    /// less often, up to once a second), then every `policy.interval`.
    ///
    /// `listener` is told of the first result, of each change and, once the endpoint was healthy,
    /// of each failure and of as many successes after it as `policy.rise` counts. Watching it again
    /// with anything changed starts over; unchanged, it does nothing.
    public void watch(EndpointSpec spec, HealthPolicy policy, ProbeListener listener) {
        running.compute(
                spec.id(),
                (_, before) -> {
                    if (before != null && before.isFor(spec, policy, listener)) {
                        return before;
                    }
                    if (before != null) {
                        before.stop();
                    }
                    EndpointProbe probe =
                            new EndpointProbe(spec, policy, listener, dialer, starting);
                    probe.start();
                    return probe;
                });
    }

    /// Probes it no more.
    public void unwatch(EndpointId endpoint) {
        EndpointProbe probe = running.remove(endpoint);
        if (probe != null) {
            probe.stop();
        }
    }

    /// Probes a watched endpoint now instead of when its time comes.
    public void expedite(EndpointId endpoint) {
        EndpointProbe probe = running.get(endpoint);
        if (probe != null) {
            probe.expedite();
        }
    }

    /// Probes nothing any more.
    @Override
    public void close() {
        running.keySet().forEach(this::unwatch);
    }
}
