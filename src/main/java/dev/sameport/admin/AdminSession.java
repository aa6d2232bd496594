package dev.sameport.admin;

import dev.sameport.admin.RequestDecoder.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/// One connection to the control socket: one request, one answer, then the end. On a virtual thread
/// of its own.
final class AdminSession {
    /// A follower that is further behind than this many lines is let go.
    private static final int MAX_BEHIND = 10_000;

    /// Never a line: lines end with a newline.
    private static final String GONE = "";

    private final SocketChannel connection;
    private final Routes routes;
    private final Duration patience;

    /// @param patience how long a request may take to come, and an answer to be taken
    AdminSession(SocketChannel connection, Routes routes, Duration patience) {
        this.connection = connection;
        this.routes = routes;
        this.patience = patience;
    }

    void serve() throws IOException {
        switch (receive()) {
            case State.Partial _ -> {} // it left before it had asked
            case State.Broken(int status, String why) -> send(Routes.failure(status, why));
            case State.Whole(String method, String target, String body) -> {
                switch (routes.answer(method, target, body, caller())) {
                    case Routes.Answer.Whole whole -> send(whole);
                    case Routes.Answer.Stream(String type, Routes.Opener opener) ->
                            stream(type, opener);
                }
            }
        }
    }

    /// Says that there is no room.
    void turnAway(int connections) throws IOException {
        send(
                Routes.failure(
                        503,
                        connections
                                + " connections are open already; end some, such as `sameport events --follow`"));
    }

    private State receive() throws IOException {
        RequestDecoder decoder = new RequestDecoder();
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        State state = new State.Partial();
        try (Deadline _ = new Deadline(connection, patience)) {
            while (state instanceof State.Partial && connection.read(buffer.clear()) >= 0) {
                state = decoder.decode(buffer.flip());
            }
        }
        return state;
    }

    private Caller caller() throws IOException {
        UnixDomainPrincipal peer = connection.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return new Caller(peer.user().getName(), peer.group().getName());
    }

    private void send(Routes.Answer.Whole answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        write(head(answer.status(), answer.type(), "Content-Length: " + body.length + "\r\n"));
        write(body);
    }

    /// Lines as they come, until the client leaves. What was opened is closed in every case.
    private void stream(String type, Routes.Opener opener) throws IOException {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>(MAX_BEHIND);
        try (Routes.Handle _ = opener.open(lines::offer)) {
            Thread.ofVirtual().name("admin-gone").start(() -> tellWhenGone(lines));
            write(head(200, type, ""));
            for (String line = lines.take();
                    !line.equals(GONE) && lines.remainingCapacity() > 0;
                    line = lines.take()) {
                write(line.getBytes(StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a session", e);
        }
    }

    /// Interrupting the session instead could hit the end of what it opened.
    private void tellWhenGone(LinkedBlockingQueue<String> lines) {
        try {
            ByteBuffer nothing = ByteBuffer.allocate(64);
            while (connection.read(nothing.clear()) >= 0) {
                // What a follower sends has no meaning.
            }
        } catch (IOException _) {
            // Gone in another way.
        }
        // Where the queue is full, the session ends for that, or by its failing write.
        Deadline.end(connection);
        var _ = lines.offer(GONE);
    }

    private static byte[] head(int status, String type, String length) {
        String reason = status == 200 ? "OK" : "Error";
        return ("HTTP/1.1 "
                        + status
                        + " "
                        + reason
                        + "\r\nContent-Type: "
                        + type
                        + "\r\n"
                        + length
                        + "Connection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try (Deadline _ = new Deadline(connection, patience)) {
            while (buffer.hasRemaining()) {
                connection.write(buffer);
            }
        }
    }
}
