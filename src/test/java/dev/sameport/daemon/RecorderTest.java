package dev.sameport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Desired;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RecorderTest {
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final Log log =
            new Log(
                    new PrintStream(logged, true, StandardCharsets.UTF_8),
                    Clock.systemUTC(),
                    Log.Level.INFO);
    private final ConcurrentLinkedQueue<Long> written = new ConcurrentLinkedQueue<>();

    private static Desired generation(long number) {
        return new Desired(number, List.of());
    }

    @Test
    void whoever_applies_does_not_wait_and_the_last_state_is_written_in_the_end() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (Recorder recorder =
                new Recorder(
                        applied -> {
                            begun.countDown();
                            waitFor(go);
                            written.add(applied.generation());
                        },
                        log)) {
            recorder.accept(generation(1));
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            for (int i = 2; i <= 100; i++) {
                recorder.accept(generation(i));
            }
            assertEquals(List.of(), List.copyOf(written));
            go.countDown();
        }

        assertEquals(List.of(1L, 100L), List.copyOf(written));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_file_that_can_not_be_written_is_told_and_the_next_state_is_written() {
        try (Recorder recorder =
                new Recorder(
                        applied -> {
                            if (applied.generation() == 1) {
                                throw new UncheckedIOException(
                                        new IOException("No space left on device"));
                            }
                            written.add(applied.generation());
                        },
                        log)) {
            recorder.accept(generation(1));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (logged.size() == 0 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            recorder.accept(generation(2));
        }

        assertEquals(List.of(2L), List.copyOf(written));
        assertTrue(logged.toString(StandardCharsets.UTF_8).contains("No space left on device"));
    }
}
