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

    /// When those that are left are reset; null while the endpoint stays.
    private @Nullable ScheduledFuture<?> deadline;

    EndpointRelays(EventLoop loop, Tally tally) {
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

    boolean isEmpty() {
        return relays.isEmpty();
    }

    /// The endpoint leaves: what is left after `drain` is reset. Said again, the first deadline
    /// counts.
    void leave(Duration drain) {
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
