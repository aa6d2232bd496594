package dev.sameport.plane.proxy.l4;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// The connections of one endpoint. Any thread.
final class Tally {
    private final LongAdder carried = new LongAdder();
    private final AtomicInteger active = new AtomicInteger();

    /// A relay to it begins.
    void begin() {
        carried.increment();
        active.incrementAndGet();
    }

    /// A relay to it ended.
    void end() {
        active.decrementAndGet();
    }

    /// Relays that began so far.
    long carried() {
        return carried.sum();
    }

    /// Relays that run now.
    int active() {
        return active.get();
    }
}
