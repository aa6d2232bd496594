package dev.sameport.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The lock that makes one daemon the only one of its run directory; the kernel gives it back when
/// the process ends, however it ends.
public final class DaemonLock implements AutoCloseable {
    private final FileChannel channel;

    private DaemonLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Takes the lock, or throws `IllegalStateException` that names the holder's pid.
    public static DaemonLock take(Path runDirectory) {
        Path file = runDirectory.resolve("lock");
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                String holder = read(channel);
                channel.close();
                throw new IllegalStateException(
                        "another daemon"
                                + (holder.isEmpty() ? "" : " (pid " + holder + ")")
                                + " holds "
                                + file
                                + "; stop it first, or give this one its own --run-dir");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            Long.toString(ProcessHandle.current().pid())
                                    .getBytes(StandardCharsets.US_ASCII)));
            return new DaemonLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("can't lock " + file, e);
        }
    }

    /// Whether a daemon holds the lock of `runDirectory`.
    public static boolean held(Path runDirectory) {
        Path file = runDirectory.resolve("lock");
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return tryLock(channel) == null;
        } catch (IOException _) {
            return false;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(32);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
