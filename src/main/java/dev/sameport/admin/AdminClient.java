package dev.sameport.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The command line's side of the control socket. It needs neither a JSON library nor Netty:
/// start-up time.
public final class AdminClient {
    /// Starting 500 replicas takes its time.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([1-5][0-9]{2})(?: .*)?");

    private final Path socket;
    private final Duration patience;

    public AdminClient(Path socket) {
        this(socket, PATIENCE);
    }

    /// @param patience how long the daemon may take to begin an answer
    AdminClient(Path socket, Duration patience) {
        this.socket = socket;
        this.patience = patience;
    }

    /// The daemon refused, or could not be asked; the message is for the user.
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        /// Whether the words were off, rather than the moment.
        public boolean usage() {
            return status == 400;
        }
    }

    /// Asks, and gives the whole answer.
    public String get(String path) {
        StringBuilder text = new StringBuilder();
        exchange("GET", path, "", line -> text.append(line).append('\n'));
        return text.toString();
    }

    /// Tells, and gives the answer.
    public String post(String path, Form form) {
        StringBuilder text = new StringBuilder();
        exchange("POST", path, form.text(), line -> text.append(line).append('\n'));
        return text.toString();
    }

    /// Asks, and passes on each line until the daemon ends.
    public void follow(String path, Consumer<String> line) {
        exchange("GET", path, "", line);
    }

    /// Tells, and passes on each line until the daemon ends.
    public void attach(String path, Form form, Consumer<String> line) {
        exchange("POST", path, form.text(), line);
    }

    /// A path segment made of any text.
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void exchange(String method, String path, String body, Consumer<String> each) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            connect(channel);
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            String head =
                    method
                            + " "
                            + path
                            + " HTTP/1.1\r\nHost: sameport\r\nContent-Length: "
                            + content.length
                            + "\r\n\r\n";
            CountDownLatch begun = new CountDownLatch(1);
            Thread.ofPlatform().daemon(true).start(() -> closeLate(channel, begun));
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, content);
            read(channel, begun, each);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the daemon at "
                            + socket
                            + " broke off, or did not answer within "
                            + patience.toSeconds()
                            + " s ("
                            + e
                            + "); see its log",
                    e);
        }
    }

    /// A blocked read of a unix socket knows no time limit of its own.
    private void closeLate(SocketChannel channel, CountDownLatch begun) {
        try {
            if (!begun.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                channel.close();
            }
        } catch (InterruptedException | IOException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void connect(SocketChannel channel) throws IOException {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            throw new Refused(
                    0,
                    why.contains("Permission")
                            ? "the control socket "
                                    + socket
                                    + " may not be opened; use sudo, or join the group sameport"
                            : "no daemon answers at "
                                    + socket
                                    + "; start one with `sameport serve`, or name its --run-dir");
        }
    }

    private static void read(SocketChannel channel, CountDownLatch begun, Consumer<String> each)
            throws IOException {
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(channel), StandardCharsets.UTF_8));
        int code = head(reader);
        begun.countDown();
        StringBuilder refusal = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (code == 200) {
                each.accept(line);
            } else {
                refusal.append(refusal.isEmpty() ? "" : "\n").append(line);
            }
        }
        if (code != 200) {
            throw new Refused(code, refusal.toString());
        }
    }

    private static int head(BufferedReader reader) throws IOException {
        String first = reader.readLine();
        Matcher status = STATUS.matcher(first == null ? "" : first);
        if (!status.matches()) {
            throw new IOException(first == null ? "no answer" : "what answers is no daemon");
        }
        String header = reader.readLine();
        while (header != null && !header.isEmpty()) {
            // One request a connection: no header says more than the end of the stream does.
            header = reader.readLine();
        }
        return Integer.parseInt(status.group(1));
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
