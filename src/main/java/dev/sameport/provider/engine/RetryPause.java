package dev.sameport.provider.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How long to wait before an engine is asked again: 50 ms at first, doubled each time up to 5 s,
/// and from the start again after a connection that lasted. A new socket file ends the wait: the
/// engine has just been started.
final class RetryPause {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Path socket;
    private Duration next = FIRST;
    private long begun;
    private String file = "";

    RetryPause(Path socket) {
        this.socket = socket;
    }

    /// The engine is about to be asked.
    void begin() {
        begun = System.nanoTime();
        file = file();
    }

    /// Waits, until `closed` at the latest.
    void await(CountDownLatch closed) throws InterruptedException {
        if (System.nanoTime() - begun > LONGEST.toNanos()) {
            next = FIRST;
        }
        long end = System.nanoTime() + next.toNanos();
        next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
        long left = end - System.nanoTime();
        while (left > 0 && file.equals(file())) {
            if (closed.await(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS)) {
                return;
            }
            left = end - System.nanoTime();
        }
    }

    /// Which file is there; empty for none.
    private String file() {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(socket, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime();
        } catch (IOException _) {
            return "";
        }
    }
}
