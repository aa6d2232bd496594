package dev.sameport.daemon;

import dev.sameport.model.Desired;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes down who serves, for the next daemon, on a thread of its own: a death must not wait for a
/// file. While one state is written, of those that follow only the last counts.
///
/// What a daemon that is killed has not written costs nothing but time. An endpoint that joined is
/// missing in the files, so it has to prove itself to the next daemon. One that left is still
/// there, but not in the rules; and where its address already is another's, line and replica differ
/// by the start of their run.
final class Recorder implements Consumer<Desired>, AutoCloseable {
    private final Consumer<Desired> writer;
    private final Log log;
    private final AtomicReference<@Nullable Desired> next = new AtomicReference<>();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("recorder").factory());

    /// @param writer may fail with an [UncheckedIOException], which is logged
    Recorder(Consumer<Desired> writer, Log log) {
        this.writer = writer;
        this.log = log;
        thread.execute(() -> {}); // Starts it: to wait for that would take the loop's time.
    }

    @Override
    public void accept(Desired applied) {
        if (next.getAndSet(applied) == null) {
            thread.execute(this::write);
        }
    }

    private void write() {
        Desired last = next.getAndSet(null);
        if (last == null) {
            return;
        }
        try {
            writer.accept(last);
        } catch (UncheckedIOException e) {
            log.warn("endpoints-not-recorded", "reason", String.valueOf(e.getMessage()));
        }
    }

    /// Writes the last one, if it isn't yet.
    @Override
    public void close() {
        thread.close();
    }
}
