package dev.sameport.admin;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Closes a connection unless it is closed itself in time: the only way to end a blocked read or
/// write.
final class Deadline implements AutoCloseable {
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Deadline(SocketChannel connection, Duration time) {
        var _ =
                done.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((_, late) -> {
                            if (late != null) {
                                end(connection);
                            }
                        });
    }

    static void end(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException _) {
            // It is as closed as it can be.
        }
    }

    /// In time.
    @Override
    public void close() {
        done.complete(null);
    }
}
