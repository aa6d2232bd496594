package dev.sameport.reconcile;

import dev.sameport.provider.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for the loop's next pass. Pokes coalesce: a hundred changes while a pass runs make
/// one more pass.
final class Inbox {

    /// Everything that came since the last pass.
    record Mail(List<Signal> signals, List<Probed> probes, boolean changed, boolean reapply) {
        boolean empty() {
            return signals.isEmpty() && probes.isEmpty() && !changed && !reapply;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    // all guarded by lock
    private List<Signal> signals = new ArrayList<>();
    private List<Probed> probes = new ArrayList<>();
    private boolean changed;
    private boolean reapply;

    void put(Signal signal) {
        add(() -> signals.add(signal));
    }

    void put(Probed probed) {
        add(() -> probes.add(probed));
    }

    /// Something that a provider sees changed.
    void changed() {
        add(() -> changed = true);
    }

    /// What is applied may not be what we applied any more.
    void reapply() {
        add(() -> reapply = true);
    }

    private void add(Runnable change) {
        lock.lock();
        try {
            change.run();
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until something is there, or for `atMost`, and takes it all.
    Mail take(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (signals.isEmpty() && probes.isEmpty() && !changed && !reapply && left > 0) {
                left = arrived.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
            }
            Mail mail = new Mail(signals, probes, changed, reapply);
            signals = new ArrayList<>();
            probes = new ArrayList<>();
            changed = false;
            reapply = false;
            return mail;
        } finally {
            lock.unlock();
        }
    }
}
