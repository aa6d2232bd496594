package dev.sameport.admin;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Asks the daemon: one request over a unix socket, in the smallest HTTP/1.1 there is.
///
/// It loads neither Netty nor a JSON library, because a command has to be there at once.
public final class AdminClient implements AutoCloseable {
    private static final int MAX_HEAD = 16_384;

    private final Path socket;
    private final Duration timeout;
    private final SocketChannel channel;
    private final CountDownLatch answered = new CountDownLatch(1);

    private AdminClient(Path socket, Duration timeout, SocketChannel channel) {
        this.socket = socket;
        this.timeout = timeout;
        this.channel = channel;
    }

    /// Connects to the daemon of a run directory.
    ///
    /// @param timeout how long it may take to begin its answer
    /// @throws NoDaemonException that says the next step
    public static AdminClient connect(Path runDirectory, Duration timeout) {
        Path socket = runDirectory.resolve(AdminSocket.NAME);
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
            } catch (IOException | IllegalArgumentException e) {
                channel.close();
                throw e;
            }
            return new AdminClient(socket, timeout, channel);
        } catch (IOException | IllegalArgumentException e) {
            throw noDaemon(socket, e);
        }
    }

    private static NoDaemonException noDaemon(Path socket, Exception cause) {
        boolean denied =
                cause instanceof AccessDeniedException
                        || (Files.exists(socket) && !Files.isWritable(socket))
                        || String.valueOf(cause.getMessage()).contains("Permission denied");
        return new NoDaemonException(
                denied
                        ? "no right to use "
                                + socket
                                + "; run it as root, or join the group "
                                + AdminSocket.GROUP
                                + " (which is equal to root)"
                        : "no daemon answers at "
                                + socket
                                + "; start one with `sameport serve`, or name its --run-dir",
                cause);
    }

    /// Sends the one request of this connection; the answer's body is read until it closes.
    ///
    /// @param accept `text/plain` or `application/json`
    /// @param body empty for none
    public Answer ask(String method, String target, String accept, String body) {
        Thread.ofPlatform().daemon(true).name("timeout").start(this::watch);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head =
                method
                        + " "
                        + target
                        + " HTTP/1.1\r\nHost: sameport\r\nConnection: close\r\nAccept: "
                        + accept
                        + "\r\nContent-Length: "
                        + bytes.length
                        + "\r\n\r\n";
        try {
            write(head.getBytes(StandardCharsets.US_ASCII));
            write(bytes);
            InputStream input = new BufferedInputStream(Channels.newInputStream(channel));
            int status = status(input);
            return new Answer(status, input);
        } catch (IOException e) {
            throw new NoDaemonException(
                    "the daemon at "
                            + socket
                            + " did not answer within "
                            + timeout.toSeconds()
                            + " s, or went away; look at `sameport doctor` and at its log",
                    e);
        } finally {
            answered.countDown();
        }
    }

    private void watch() {
        try {
            if (!answered.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                close();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /// Reads the head; its fields say nothing that a client of one request needs.
    private static int status(InputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = input.read();
            if (next < 0 || head.length() == MAX_HEAD) {
                throw new IOException("the answer has no whole head");
            }
            head.append((char) next);
        }
        if (head.length() < 12
                || !head.substring(0, 9).equals("HTTP/1.1 ")
                || !head.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IOException("the answer is not HTTP/1.1");
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is as closed as it can be.
        }
    }
}
