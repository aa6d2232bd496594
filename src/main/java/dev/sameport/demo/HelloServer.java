package dev.sameport.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The project's own small HTTP server, for the demo, the examples and the lab; it needs
/// `java.base` only.
///
/// `HelloServer [--port 8080] [--bind ADDRESS] [--name NAME] [--linger 500] [--delay 0]
/// [--healthy-after 0] [--reuseport]`: answers `Hello from NAME`, at `/client` the caller's address
/// as it saw it, at `/slow?ms=N` after N milliseconds (1000 unless told), and at `/health` with 200
/// once `--healthy-after` milliseconds have passed, 503 before. `--delay` milliseconds pass before
/// it listens.
///
/// After SIGTERM it goes on accepting for `--linger` milliseconds, then takes what has connected
/// until that moment, answers it and ends. NAME defaults to `$SAMEPORT_REPLICA`, then to the host's
/// name; the port to `$PORT`.
public final class HelloServer {
    private static final int BACKLOG = 4096;
    private static final long SLOW_MILLIS = 1_000;
    private static final long LAST_ANSWERS_MILLIS = 2_000;

    private final String name;
    private final long healthyAt;
    private final Selector selector;
    private final Phaser open = new Phaser(1); // one party for the acceptor, one per connection
    private final AtomicBoolean asked = new AtomicBoolean();
    // Not virtual ones: their poller makes the JVM's exit 300 ms longer, in which nobody accepts.
    private final ExecutorService workers =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon(true).factory());
    private volatile boolean ending;

    private HelloServer(String name, long healthyAfterMillis) throws IOException {
        this.name = name;
        this.healthyAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(healthyAfterMillis);
        this.selector = Selector.open();
    }

    /// Serves until SIGTERM.
    public static void main(String[] arguments) throws Exception {
        List<String> options = List.of(arguments);
        Thread.sleep(number(options, "--delay", 0));
        HelloServer hello =
                new HelloServer(
                        option(options, "--name", defaultName()),
                        number(options, "--healthy-after", 0));
        ServerSocketChannel server = listen(options);
        // CLOCK_MONOTONIC, the same in every container: benches measure from here.
        System.out.println("listening at " + System.nanoTime());
        long linger = number(options, "--linger", 500);
        Thread acceptor = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> hello.end(acceptor, linger)));
        hello.accept(server);
    }

    private static ServerSocketChannel listen(List<String> options) throws IOException {
        int port =
                Integer.parseInt(
                        option(options, "--port", System.getenv().getOrDefault("PORT", "8080")));
        ServerSocketChannel server = ServerSocketChannel.open();
        server.configureBlocking(false);
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        if (options.contains("--reuseport")) {
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
        String bind = option(options, "--bind", "");
        server.bind(
                bind.isEmpty()
                        ? new InetSocketAddress(port)
                        : new InetSocketAddress(InetAddress.ofLiteral(bind), port),
                BACKLOG);
        return server;
    }

    private static long number(List<String> options, String name, long fallback) {
        return Long.parseLong(option(options, name, Long.toString(fallback)));
    }

    private static String option(List<String> options, String name, String fallback) {
        int at = options.indexOf(name);
        return at >= 0 && at + 1 < options.size() ? options.get(at + 1) : fallback;
    }

    private static String defaultName() throws IOException {
        String replica = System.getenv("SAMEPORT_REPLICA");
        return replica != null ? replica : InetAddress.getLocalHost().getHostName();
    }

    private void accept(ServerSocketChannel server) throws IOException {
        server.register(selector, SelectionKey.OP_ACCEPT);
        while (!ending) {
            selector.select(_ -> {});
            takeAll(server);
        }
        // Closing resets what is in the backlog: so not before that is empty.
        takeAll(server);
        server.close();
        // Until then the kernel goes on accepting for a channel that a selector knows.
        selector.close();
    }

    private void takeAll(ServerSocketChannel server) {
        try {
            for (SocketChannel taken = server.accept(); taken != null; taken = server.accept()) {
                Socket socket = taken.socket();
                open.register(); // here, so that no connection is unseen while its thread starts
                workers.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            System.err.println("accept: " + e.getMessage());
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (asked.compareAndSet(false, true)) {
                    System.out.println("asked at " + System.nanoTime());
                }
                boolean keep = keepsAlive(in) && !ending;
                answer(socket, line, keep);
                if (!keep) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client left, or the server ends: nobody is there to be told.
        } finally {
            open.arriveAndDeregister();
        }
    }

    /// Reads the headers; whether another request may follow.
    private static boolean keepsAlive(BufferedReader in) throws IOException {
        boolean keep = true;
        for (String header = in.readLine();
                header != null && !header.isEmpty();
                header = in.readLine()) {
            keep &= !header.equalsIgnoreCase("connection: close");
        }
        return keep;
    }

    private void answer(Socket socket, String request, boolean keep)
            throws IOException, InterruptedException {
        String[] words = request.split(" ", 3);
        String path = words.length > 1 ? words[1] : "/";
        boolean healthy = !path.equals("/health") || System.nanoTime() - healthyAt >= 0;
        String body = body(socket, path);
        String answer =
                (healthy ? "HTTP/1.1 200 OK" : "HTTP/1.1 503 Service Unavailable")
                        + "\r\nContent-Type: text/plain\r\nContent-Length: "
                        + body.length()
                        + (keep ? "" : "\r\nConnection: close")
                        + "\r\n\r\n"
                        + body;
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    private String body(Socket socket, String path) throws InterruptedException {
        if (path.equals("/client")) {
            return socket.getInetAddress().getHostAddress() + "\n";
        }
        if (path.equals("/slow")) {
            Thread.sleep(SLOW_MILLIS);
        } else if (path.startsWith("/slow?ms=")) {
            Thread.sleep(Long.parseLong(path.substring("/slow?ms=".length())));
        }
        return "Hello from " + name + "\n";
    }

    private void end(Thread acceptor, long linger) {
        try {
            Thread.sleep(linger);
            ending = true;
            selector.wakeup();
            acceptor.join();
            int phase = open.arriveAndDeregister();
            open.awaitAdvanceInterruptibly(phase, LAST_ANSWERS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | InterruptedException e) {
            System.err.println(
                    "end: " + open.getUnarrivedParties() + " connections were still open");
        }
    }
}
