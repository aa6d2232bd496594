package dev.sameport.daemon;

import dev.sameport.model.Change;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The latest changes, and who follows them.
final class History {
    private static final int KEPT = 1_000;
    // guarded by itself
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private final List<Consumer<Change>> followers = new CopyOnWriteArrayList<>();

    void add(List<Change> news) {
        synchronized (changes) {
            for (Change change : news) {
                changes.addLast(change);
                if (changes.size() > KEPT) {
                    changes.removeFirst();
                }
            }
        }
        news.forEach(change -> followers.forEach(follower -> follower.accept(change)));
    }

    List<Change> all() {
        synchronized (changes) {
            return List.copyOf(changes);
        }
    }

    AutoCloseable follow(Consumer<Change> each) {
        followers.add(each);
        return () -> followers.remove(each);
    }
}
