package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

final class ThreadPriorityTest {
    private static final Executor NEW_THREAD = task -> Thread.ofPlatform().start(task);

    /// The 19th word of stat (proc_pid_stat(5)); the second ends with the last parenthesis.
    private static int nice() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_raised_thread_is_alone_with_its_priority() {
        int usual = nice();
        CompletableFuture<Integer> started =
                CompletableFuture.supplyAsync(
                        () -> {
                            assertTrue(ThreadPriority.raise());
                            assertEquals(-20, nice());
                            return CompletableFuture.supplyAsync(
                                            ThreadPriorityTest::nice, NEW_THREAD)
                                    .join();
                        },
                        NEW_THREAD);

        assertEquals(0, started.join());
        assertEquals(usual, nice());
    }

    @Test
    void a_lowered_thread_waits_for_all_others() {
        assertEquals(
                19,
                CompletableFuture.supplyAsync(
                                () -> ThreadPriority.lower() ? nice() : Integer.MIN_VALUE,
                                NEW_THREAD)
                        .join());
    }
}
