package dev.sameport.admin;

import dev.sameport.model.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The newest changes, numbered from 1, for those who ask later and those who follow.
///
/// It keeps a bounded number; a follower who is slower than that is told how many it missed.
public final class ChangeLog {
    /// How many changes are kept unless said otherwise.
    public static final int CAPACITY = 4096;

    /// One change with its number.
    public record Entry(long sequence, Change change) {}

    /// What came after a number.
    ///
    /// @param lost how many were forgotten before the first of `entries`
    /// @param next what to ask for the next time
    public record Batch(List<Entry> entries, long lost, long next) {}

    /// Ends a subscription.
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    private final int capacity;
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    // guarded by lock
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long last;

    public ChangeLog() {
        this(CAPACITY);
    }

    ChangeLog(int capacity) {
        this.capacity = capacity;
    }

    /// Adds changes and tells those who listen; called by one thread at a time.
    public void append(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        synchronized (lock) {
            for (Change change : changes) {
                entries.addLast(new Entry(++last, change));
            }
            while (entries.size() > capacity) {
                entries.removeFirst();
            }
        }
        listeners.forEach(Runnable::run);
    }

    /// At most `most` changes with numbers above `sequence`; 0 begins with the oldest that is kept.
    public Batch since(long sequence, int most) {
        synchronized (lock) {
            long first = last - entries.size() + 1;
            long lost = sequence == 0 ? 0 : Math.max(0, first - 1 - sequence);
            List<Entry> found = new ArrayList<>();
            for (Entry entry : entries) {
                if (entry.sequence() > sequence && found.size() < most) {
                    found.add(entry);
                }
            }
            long next = found.isEmpty() ? Math.max(sequence, 0) : found.getLast().sequence();
            return new Batch(found, lost, next);
        }
    }

    /// The number of the newest change; 0 where there is none.
    public long last() {
        synchronized (lock) {
            return last;
        }
    }

    /// Calls `listener` after each append, on the appender's thread: it must return at once.
    public Subscription listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
