package dev.sameport.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a command writes to one of its outputs, read as it comes.
final class CommandOutput {
    /// How long the outputs of an ended command are waited for: a child of its that lives on may
    /// hold them open.
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread reader;
    private volatile @Nullable IOException failure;

    private CommandOutput(InputStream stream) {
        this.reader = Thread.ofVirtual().unstarted(() -> read(stream));
    }

    static CommandOutput collect(InputStream stream) {
        CommandOutput output = new CommandOutput(stream);
        output.reader.start();
        return output;
    }

    private void read(InputStream stream) {
        try (stream) {
            stream.transferTo(bytes);
        } catch (IOException thrown) {
            failure = thrown;
        }
    }

    /// What an ended command wrote.
    String text() throws InterruptedException {
        boolean _ = reader.join(GRACE);
        IOException thrown = failure;
        if (thrown != null) {
            throw new UncheckedIOException("the output of a command can't be read", thrown);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
