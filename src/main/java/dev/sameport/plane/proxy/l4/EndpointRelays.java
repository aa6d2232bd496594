package dev.sameport.plane.proxy.l4;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The relays of one published port to one endpoint on one event loop, to which it is confined.
final class EndpointRelays {
    private final EventLoop loop;
    private final Tally tally;
    private final Set<Relay> relays = new HashSet<>();
    private Duration drain;

    /// When those that are left are reset; null while the endpoint stays.
    private @Nullable ScheduledFuture<?> deadline;

    /// @param drain how long they may go on when the endpoint leaves
    EndpointRelays(EventLoop loop, Tally tally, Duration drain) {
        this.drain = drain;
        this.loop = loop;
        this.tally = tally;
    }

    void add(Relay relay) {
        relays.add(relay);
        tally.begin();
    }

    void remove(Relay relay) {
        if (relays.remove(relay)) {
            tally.end();
        }
    }

    /// Whether there is none left; then there is no deadline either.
    boolean forget() {
        if (relays.isEmpty()) {
            stay();
        }
        return relays.isEmpty();
    }

    /// Sets how long they may go on when the endpoint leaves.
    void setDrain(Duration next) {
        drain = next;
    }

    /// The endpoint leaves: what is left after the drain is reset. Said again, the first deadline
    /// counts.
    void leave() {
        if (deadline == null) {
            deadline = loop.schedule(this::reset, drain.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /// The endpoint doesn't leave after all.
    void stay() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    private void reset() {
        // A copy: each one that is reset removes itself.
        List.copyOf(relays).forEach(Relay::reset);
    }
}
