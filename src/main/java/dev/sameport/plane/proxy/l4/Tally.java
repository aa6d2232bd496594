package dev.sameport.plane.proxy.l4;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// The connections of one endpoint. Any thread.
public final class Tally {
    /// Of an endpoint that was given nothing so far.
    public Tally() {}

    private final LongAdder carried = new LongAdder();
    private final AtomicInteger active = new AtomicInteger();

    /// A connection (a relay, or one of a pool) to it begins.
    public void begin() {
        carried.increment();
        active.incrementAndGet();
    }

    /// A connection to it ended.
    public void end() {
        active.decrementAndGet();
    }

    /// Connections that began so far.
    public long carried() {
        return carried.sum();
    }

    /// Connections that are open now.
    public int active() {
        return active.get();
    }
}
