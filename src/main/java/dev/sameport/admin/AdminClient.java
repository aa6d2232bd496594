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
import java.util.function.Consumer;

/// The command line's side of the control socket. It needs neither a JSON library nor Netty:
/// start-up time.
public final class AdminClient {
    private final Path socket;

    public AdminClient(Path socket) {
        this.socket = socket;
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
            write(channel, head.getBytes(StandardCharsets.US_ASCII));
            write(channel, content);
            read(channel, each);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the daemon at " + socket + " broke off: " + e.getMessage(), e);
        }
    }

    private void connect(SocketChannel channel) {
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

    private static void read(SocketChannel channel, Consumer<String> each) throws IOException {
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(channel), StandardCharsets.UTF_8));
        String status = reader.readLine();
        if (status == null || status.length() < 12) {
            throw new IOException("no answer");
        }
        for (String header = reader.readLine();
                header != null && !header.isEmpty();
                header = reader.readLine()) {
            // One request a connection: no header says more than the end of the stream does.
        }
        int code = Integer.parseInt(status.substring(9, 12));
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

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
