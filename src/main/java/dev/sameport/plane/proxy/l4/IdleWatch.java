package dev.sameport.plane.proxy.l4;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Notices that something stands still, by looking now and then at a number that changes whenever
/// it doesn't: what moves pays nothing. Confined to one event loop.
final class IdleWatch {
    /// It is noticed at the latest after an eighth more than the time.
    private static final int LOOKS = 8;

    private final EventLoop loop;
    private final long idleNanos;
    private final LongSupplier progress;
    private final Runnable onIdle;
    private long last;
    private long since;
    private @Nullable ScheduledFuture<?> timer;

    /// @param idle how long it may stand still
    IdleWatch(EventLoop loop, Duration idle, LongSupplier progress, Runnable onIdle) {
        this.loop = loop;
        this.idleNanos = idle.toNanos();
        this.progress = progress;
        this.onIdle = onIdle;
    }

    void start() {
        last = progress.getAsLong();
        since = System.nanoTime();
        long every = Math.max(1, idleNanos / LOOKS);
        timer = loop.scheduleWithFixedDelay(this::look, every, every, TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void look() {
        long now = progress.getAsLong();
        if (now != last) {
            last = now;
            since = System.nanoTime();
        } else if (System.nanoTime() - since >= idleNanos) {
            stop();
            onIdle.run();
        }
    }
}
