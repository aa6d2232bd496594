package dev.sameport.plane.proxy.l4;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The connections that one service has at a time, those that wait to be among them, and how many
/// there were. Any thread.
///
/// The lock is taken only where somebody waits.
public final class Places {
    Places() {}

    private final AtomicInteger taken = new AtomicInteger();

    private final AtomicLong turns = new AtomicLong();

    /// In the order in which they came. Guarded by this.
    private final Set<Waiting> queue = new LinkedHashSet<>();

    /// Whether somebody is in the queue; written with the lock held.
    private volatile boolean crowded;

    /// Takes a place; where all are taken, false, and `waiting` is woken when one becomes free.
    ///
    /// @param most how many there are, 0 for any number
    boolean enter(int most, Waiting waiting) {
        if (tryEnter(most)) {
            return true;
        }
        synchronized (this) {
            queue.add(waiting);
            crowded = true;
        }
        // One that was given back in between has woken nobody.
        if (!tryEnter(most)) {
            return false;
        }
        forget(waiting);
        return true;
    }

    private boolean tryEnter(int most) {
        int now = taken.get();
        while (most == 0 || now < most) {
            if (taken.compareAndSet(now, now + 1)) {
                return true;
            }
            now = taken.get();
        }
        return false;
    }

    /// Gives a place back.
    void leave() {
        taken.decrementAndGet();
        if (crowded) {
            wakeNext();
        }
    }

    /// `waiting` waits no more; false where it was woken before, and so may have to pass it on with
    /// `wakeNext`.
    synchronized boolean forget(Waiting waiting) {
        boolean queued = queue.remove(waiting);
        crowded = !queue.isEmpty();
        return queued;
    }

    /// Wakes whoever waits longest, if there is somebody.
    void wakeNext() {
        Waiting next = poll();
        if (next != null) {
            next.wake();
        }
    }

    private synchronized @Nullable Waiting poll() {
        Iterator<Waiting> each = queue.iterator();
        Waiting next = each.hasNext() ? each.next() : null;
        if (next != null) {
            each.remove();
        }
        crowded = !queue.isEmpty();
        return next;
    }

    /// The number of the next connection.
    long nextTurn() {
        return turns.getAndIncrement();
    }

    /// Places that are taken now.
    int taken() {
        return taken.get();
    }
}
