package dev.sameport.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// The project's own small HTTP server, for the demo, the examples and the lab; it needs
/// `java.base` only.
///
/// `HelloServer [--port 8080] [--name NAME] [--linger 500] [--delay 0]`: answers `Hello from NAME`,
/// and at `/client` the caller's address as it saw it, at `/slow` after a second. After SIGTERM it
/// goes on accepting for `linger` milliseconds, then answers what it has begun and ends. `--delay`
/// milliseconds pass before it listens. NAME defaults to `$SAMEPORT_REPLICA`, then to the host's
/// name; the port to `$PORT`.
public final class HelloServer {
    private static final int BACKLOG = 4096;
    private static final long SLOW_MILLIS = 1_000;
    private static final long LAST_ANSWERS_MILLIS = 2_000;

    private final String name;
    private final AtomicInteger open = new AtomicInteger();

    private HelloServer(String name) {
        this.name = name;
    }

    /// Serves until SIGTERM.
    public static void main(String[] arguments) throws Exception {
        String port = System.getenv().getOrDefault("PORT", "8080");
        Thread.sleep(Long.parseLong(option(arguments, "--delay", "0")));
        HelloServer hello = new HelloServer(option(arguments, "--name", defaultName()));
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(
                new InetSocketAddress(Integer.parseInt(option(arguments, "--port", port))),
                BACKLOG);
        long linger = Long.parseLong(option(arguments, "--linger", "500"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> hello.end(server, linger)));
        hello.accept(server);
    }

    private static String option(String[] arguments, String name, String fallback) {
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals(name)) {
                return arguments[i + 1];
            }
        }
        return fallback;
    }

    private static String defaultName() throws IOException {
        String replica = System.getenv("SAMEPORT_REPLICA");
        return replica != null ? replica : InetAddress.getLocalHost().getHostName();
    }

    private void accept(ServerSocket server) {
        while (true) {
            try {
                Socket socket = server.accept();
                open.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
                System.err.println("accept: " + e.getMessage());
            }
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
                boolean keep = true;
                for (String header = in.readLine();
                        header != null && !header.isEmpty();
                        header = in.readLine()) {
                    keep &= !header.equalsIgnoreCase("connection: close");
                }
                answer(socket, line, keep);
                if (!keep) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client left, or the server ends: nobody is there to be told.
        } finally {
            open.decrementAndGet();
        }
    }

    private void answer(Socket socket, String request, boolean keep)
            throws IOException, InterruptedException {
        String path = request.split(" ", 3).length > 1 ? request.split(" ", 3)[1] : "/";
        if (path.equals("/slow")) {
            Thread.sleep(SLOW_MILLIS);
        }
        String body =
                path.equals("/client")
                        ? socket.getInetAddress().getHostAddress() + "\n"
                        : "Hello from " + name + "\n";
        String answer =
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                        + body.length()
                        + (keep ? "" : "\r\nConnection: close")
                        + "\r\n\r\n"
                        + body;
        OutputStream out = socket.getOutputStream();
        out.write(answer.getBytes(StandardCharsets.US_ASCII));
    }

    private void end(ServerSocket server, long linger) {
        try {
            Thread.sleep(linger);
            server.close();
            for (long waited = 0; open.get() > 0 && waited < LAST_ANSWERS_MILLIS; waited += 10) {
                Thread.sleep(10);
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("end: " + e.getMessage());
        }
    }
}
