package dev.sameport.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Something that listens on a unix socket and answers as a test tells it to, well or badly.
public final class FakeEngine implements AutoCloseable {
    /// What a connection gets after its request; it is closed afterwards.
    public interface Reply {
        void send(SocketChannel channel) throws IOException, InterruptedException;
    }

    private static final Pattern LENGTH = Pattern.compile("\r\nContent-Length: ([0-9]+)");

    private final Path socket;
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final ServerSocketChannel server;

    /// Listens on `socket`.
    public FakeEngine(Path socket) {
        this.socket = socket;
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public Path socket() {
        return socket;
    }

    /// Answers `path`, without version and query, with `reply` from now on.
    public FakeEngine on(String path, Reply reply) {
        replies.put(path, reply);
        return this;
    }

    /// The requested targets so far, as sent.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /// How often `path`, without version and query, was asked for.
    public long asked(String path) {
        return asked.stream().filter(target -> bare(target).equals(path)).count();
    }

    /// What it was told to do: method and path, without version and query, of all but GETs.
    public List<String> told() {
        return told.stream().map(FakeEngine::order).toList();
    }

    /// The whole requests of all but GETs, as sent; a body has one character for each byte.
    public List<String> orders() {
        return List.copyOf(told);
    }

    private static String order(String request) {
        String[] words = request.split(" ", 3);
        return words[0] + " " + bare(words[1]);
    }

    private static String bare(String target) {
        return target.replaceFirst("^/v[0-9.]+", "").replaceFirst("\\?.*", "");
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException _) {
            // It was closed.
        }
    }

    private void serve(SocketChannel channel) {
        connections.add(channel);
        try (channel) {
            String request = readRequest(channel);
            String target = request.split(" ", 3)[1];
            asked.add(target);
            if (!request.startsWith("GET ")) {
                told.add(request);
            }
            replies.getOrDefault(bare(target), status(404, "{\"message\":\"no such thing\"}"))
                    .send(channel);
        } catch (IOException _) {
            // The client went away, as it may.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            connections.remove(channel);
        }
    }

    private static String readRequest(SocketChannel channel) throws IOException {
        StringBuilder request = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (!whole(request)) {
            if (channel.read(buffer.clear()) < 0) {
                throw new IOException("no request");
            }
            request.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        return request.toString();
    }

    private static boolean whole(StringBuilder request) {
        int end = request.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        Matcher length = LENGTH.matcher(request.substring(0, end));
        return request.length()
                == end + 4 + (length.find() ? Integer.parseInt(length.group(1)) : 0);
    }

    public static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    public static void write(SocketChannel channel, String text) throws IOException {
        write(channel, text.getBytes(StandardCharsets.UTF_8));
    }

    /// These bytes, whatever they are.
    public static Reply raw(String text) {
        return channel -> write(channel, text);
    }

    /// A well-formed answer with status 200.
    public static Reply json(byte[] body) {
        return channel -> {
            write(
                    channel,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length
                            + "\r\n\r\n");
            write(channel, body);
        };
    }

    public static Reply json(String body) {
        return json(body.getBytes(StandardCharsets.UTF_8));
    }

    /// A well-formed answer with another status.
    public static Reply status(int status, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return raw(
                "HTTP/1.1 " + status + " Because\r\nContent-Length: " + length + "\r\n\r\n" + body);
    }

    /// The head of a chunked answer.
    public static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

    /// One chunk.
    public static byte[] chunk(byte[] body) {
        byte[] head =
                (Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = new byte[head.length + body.length + 2];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        whole[whole.length - 2] = '\r';
        whole[whole.length - 1] = '\n';
        return whole;
    }

    /// Breaks every connection; goes on listening.
    public void breakConnections() {
        for (SocketChannel channel : connections) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// Ends, and leaves no socket file.
    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        breakConnections();
    }
}
