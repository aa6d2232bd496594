package dev.sameport.health;

import java.time.Duration;

/// When to probe next. Pure.
///
/// An endpoint that never accepted is tried every 5 ms for 30 s, then less and less often, up to
/// once a second: it is to serve as soon as it listens. Once it accepted,
/// `sameport.health.interval` counts, whatever comes.
final class ProbeSchedule {
    static final Duration EAGER = Duration.ofMillis(5);
    static final Duration EAGER_FOR = Duration.ofSeconds(30);
    static final Duration LAZIEST = Duration.ofSeconds(1);

    /// Most attempts per second to all endpoints that never accepted: they must not starve what is
    /// relayed.
    static final int MOST_PER_SECOND = 4_000;

    private ProbeSchedule() {}

    /// The pause before the next attempt to an endpoint that never accepted.
    ///
    /// @param sinceStart since its first attempt
    /// @param last the pause before the attempt that just failed
    /// @param starting how many such endpoints there are
    static Duration whileStarting(Duration sinceStart, Duration last, int starting) {
        Duration fair = Duration.ofSeconds(starting).dividedBy(MOST_PER_SECOND);
        Duration least = fair.compareTo(EAGER) > 0 ? fair : EAGER;
        if (sinceStart.compareTo(EAGER_FOR) < 0) {
            return least;
        }
        Duration twice = last.multipliedBy(2);
        Duration more = twice.compareTo(least) > 0 ? twice : least;
        return more.compareTo(LAZIEST) < 0 ? more : LAZIEST;
    }
}
