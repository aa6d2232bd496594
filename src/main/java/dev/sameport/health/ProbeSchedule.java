package dev.sameport.health;

import java.time.Duration;

/// When to probe next. Pure.
///
/// An endpoint that never was healthy is tried every 5 ms for 30 s, then less and less often, up to
/// once a second: it is to serve as soon as it listens. Once it was, `sameport.health.interval`
/// counts, whatever comes.
final class ProbeSchedule {
    static final Duration EAGER = Duration.ofMillis(5);
    static final Duration EAGER_FOR = Duration.ofSeconds(30);
    static final Duration LAZIEST = Duration.ofSeconds(1);

    /// Between questions to one that accepts, but gives no healthy answer: it has work to do to
    /// answer, and shall get ready meanwhile.
    static final Duration POLITE = Duration.ofMillis(100);

    /// Most attempts per second to all endpoints that never were healthy: they must not starve what
    /// is relayed.
    static final int MOST_PER_SECOND = 4_000;

    private ProbeSchedule() {}

    /// The pause before the next attempt to an endpoint that never was healthy.
    ///
    /// @param sinceStart since its first attempt
    /// @param last the pause before the attempt that just failed
    /// @param starting how many such endpoints there are
    /// @param accepts whether it accepted, but gave no healthy answer
    static Duration whileStarting(
            Duration sinceStart, Duration last, int starting, boolean accepts) {
        Duration fair = Duration.ofSeconds(starting).dividedBy(MOST_PER_SECOND);
        Duration soonest = accepts ? POLITE : EAGER;
        Duration least = fair.compareTo(soonest) > 0 ? fair : soonest;
        if (sinceStart.compareTo(EAGER_FOR) < 0) {
            return least;
        }
        Duration twice = last.multipliedBy(2);
        Duration more = twice.compareTo(least) > 0 ? twice : least;
        return more.compareTo(LAZIEST) < 0 ? more : LAZIEST;
    }
}
