package dev.sameport.provider.engine;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// How long to wait before containers that could not be read are asked for again: 5 s, doubled up
/// to a minute while they stay the same ones, because asking for a stuck one takes as long as the
/// client's patience.
final class UnreadPause {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration NOTHING_TO_ASK = Duration.ofHours(1);

    private Set<String> last = Set.of();
    private Duration pause = FIRST;
    private long asked;

    /// What is left of the wait.
    long millis(Set<String> unread) {
        if (!last.equals(unread)) {
            last = Set.copyOf(unread);
            pause = FIRST;
            asked = System.nanoTime();
        }
        if (unread.isEmpty()) {
            return NOTHING_TO_ASK.toMillis();
        }
        long left = asked + pause.toNanos() - System.nanoTime();
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }

    /// They have been asked for again.
    void asked() {
        pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
        asked = System.nanoTime();
    }
}
