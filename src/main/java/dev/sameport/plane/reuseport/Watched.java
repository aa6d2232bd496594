package dev.sameport.plane.reuseport;

import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Replica;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A member and what was last told of it. Confined to the plane's lock.
final class Watched {
    /// As often as an endpoint that has not accepted yet is probed elsewhere, and for as long.
    private static final Duration EAGER = Duration.ofSeconds(30);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    final EndpointSpec spec;
    private final long since;
    private @Nullable Boolean told;

    Watched(EndpointSpec spec, long now) {
        this.spec = spec;
        this.since = now;
    }

    /// Whether it is the same life of the same member.
    boolean same(EndpointSpec other) {
        return spec.id().equals(other.id())
                && run(spec).equals(run(other))
                && Objects.equals(Place.of(spec), Place.of(other));
    }

    private static Instant run(EndpointSpec spec) {
        Replica replica = spec.replica();
        return replica == null ? Instant.EPOCH : replica.startedAt();
    }

    /// The same life, as it is described now.
    Watched describedBy(EndpointSpec other) {
        Watched next = new Watched(other, since);
        next.told = told;
        return next;
    }

    /// Whether this is news.
    boolean tell(boolean listens) {
        boolean news = told == null ? listens : told != listens;
        if (news) {
            told = listens;
        }
        return news;
    }

    /// Lets the next look tell again.
    void tellAgain() {
        told = null;
    }

    /// Whether it is about to listen.
    boolean eager(long now) {
        return !Boolean.TRUE.equals(told) && now - since < EAGER.toNanos();
    }

    /// Whether it has had its time to listen.
    boolean waited(long now) {
        return now - since >= PATIENCE.toNanos();
    }
}
