package dev.sameport.plane.proxy.l4;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Waits on conditions, with a deadline.
public final class Until {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(2).toNanos();

    private Until() {}

    public static void holds(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail("not within " + PATIENCE + ": " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    /// Waits until `value` is above 0 and hasn't changed for `quiet`, and returns it.
    static long settled(LongSupplier value, Duration quiet) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long last = value.getAsLong();
        long since = System.nanoTime();
        while (last == 0 || System.nanoTime() - since < quiet.toNanos()) {
            long now = value.getAsLong();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
            if (System.nanoTime() > end) {
                fail("still changing: " + now);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return last;
    }
}
