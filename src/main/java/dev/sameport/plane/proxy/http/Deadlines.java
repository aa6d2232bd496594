package dev.sameport.plane.proxy.http;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The deadlines of one event loop: a wheel of lists, so that setting one costs neither a search
/// nor an allocation.
///
/// A deadline that moves to later stays in its slot until that comes round, which is what happens
/// to nearly all of them: each request moves three. They pass up to 100 ms late.
final class Deadlines {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int SLOTS = 512;

    private final EventLoop loop;
    private final long start = System.nanoTime();
    private final @Nullable Deadline[] slots = new @Nullable Deadline[SLOTS];
    private long handled;
    private int count;
    private boolean running;

    Deadlines(EventLoop loop) {
        this.loop = loop;
    }

    /// Lets `deadline` pass at `at` (`System.nanoTime()`), instead of when it was to.
    void set(Deadline deadline, long at) {
        deadline.at = at;
        if (!running) {
            running = true;
            handled = (System.nanoTime() - start) / TICK_NANOS;
            schedule();
        }
        long tick = Math.max((at - start) / TICK_NANOS + 1, handled + 1);
        if (deadline.tick >= 0) {
            if (deadline.tick <= tick) {
                return;
            }
            unlink(deadline);
        }
        link(deadline, Math.min(tick, handled + SLOTS - 1));
    }

    /// Lets it never pass.
    void unset(Deadline deadline) {
        deadline.at = Deadline.NEVER;
    }

    /// Takes it out for good.
    void forget(Deadline deadline) {
        deadline.at = Deadline.NEVER;
        if (deadline.tick >= 0) {
            unlink(deadline);
        }
    }

    private void schedule() {
        var _ = loop.schedule(this::run, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void run() {
        long now = System.nanoTime();
        long until = (now - start) / TICK_NANOS;
        while (handled < until) {
            handled++;
            pass(slots[(int) (handled % SLOTS)], now);
        }
        running = count > 0;
        if (running) {
            schedule();
        }
    }

    private void pass(@Nullable Deadline first, long now) {
        Deadline deadline = first;
        while (deadline != null) {
            Deadline after = deadline.next;
            unlink(deadline);
            if (deadline.at <= now) {
                deadline.at = Deadline.NEVER;
                deadline.passed();
            } else if (deadline.at != Deadline.NEVER) {
                relink(deadline);
            }
            // What passed may have taken the next one out, or put itself in again.
            deadline = after != null && after.tick == handled ? after : null;
            if (deadline == null && after != null) {
                deadline = slots[(int) (handled % SLOTS)];
            }
        }
    }

    private void relink(Deadline deadline) {
        long tick = Math.max((deadline.at - start) / TICK_NANOS + 1, handled + 1);
        link(deadline, Math.min(tick, handled + SLOTS - 1));
    }

    private void link(Deadline deadline, long tick) {
        int slot = (int) (tick % SLOTS);
        Deadline first = slots[slot];
        deadline.tick = tick;
        deadline.previous = null;
        deadline.next = first;
        if (first != null) {
            first.previous = deadline;
        }
        slots[slot] = deadline;
        count++;
    }

    private void unlink(Deadline deadline) {
        if (deadline.previous != null) {
            deadline.previous.next = deadline.next;
        } else {
            slots[(int) (deadline.tick % SLOTS)] = deadline.next;
        }
        if (deadline.next != null) {
            deadline.next.previous = deadline.previous;
        }
        deadline.previous = null;
        deadline.next = null;
        deadline.tick = -1;
        count--;
    }
}
