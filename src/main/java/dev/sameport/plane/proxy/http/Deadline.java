package dev.sameport.plane.proxy.http;

import org.jspecify.annotations.Nullable;

/// A moment after which something is too late. Confined to one event loop; see `Deadlines`.
abstract class Deadline {
    static final long NEVER = Long.MAX_VALUE;

    /// `System.nanoTime()` of the moment, `NEVER` where there is none.
    long at = NEVER;

    /// The tick in whose slot it lies, negative where it lies in none.
    long tick = -1;

    @Nullable Deadline previous;
    @Nullable Deadline next;

    /// The moment has passed; it is unset already.
    abstract void passed();
}
