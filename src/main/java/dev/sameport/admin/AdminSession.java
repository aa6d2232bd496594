package dev.sameport.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/// One connection to the control socket: one request, one answer, then the end. On a virtual thread
/// of its own.
final class AdminSession {
    private static final int MAX_BODY = 1 << 20;
    private static final long REQUEST_SECONDS = 10;

    /// A follower that reads more slowly than this many lines is let go.
    private static final int MAX_BEHIND = 10_000;

    private final SocketChannel connection;
    private final Routes routes;

    AdminSession(SocketChannel connection, Routes routes) {
        this.connection = connection;
        this.routes = routes;
    }

    void serve() throws IOException {
        CompletableFuture<Void> received = new CompletableFuture<>();
        var _ =
                received.orTimeout(REQUEST_SECONDS, TimeUnit.SECONDS)
                        .whenComplete((_, late) -> closeIf(late != null));
        FullHttpRequest request = receive();
        received.complete(null);
        if (request == null) {
            return;
        }
        try {
            if (request.decoderResult().isFailure()) {
                send(Routes.failure(400, "the request is not HTTP"));
                return;
            }
            String body = request.content().toString(StandardCharsets.UTF_8);
            switch (routes.answer(request.method().name(), request.uri(), body, caller())) {
                case Routes.Answer.Whole whole -> send(whole);
                case Routes.Answer.Stream(String type, Routes.Opener opener) ->
                        stream(type, opener);
            }
        } finally {
            request.release();
        }
    }

    private void closeIf(boolean condition) {
        if (condition) {
            try {
                connection.close();
            } catch (IOException _) {
                // It is closed all the same.
            }
        }
    }

    private @Nullable FullHttpRequest receive() throws IOException {
        EmbeddedChannel decoder =
                new EmbeddedChannel(new HttpRequestDecoder(), new HttpObjectAggregator(MAX_BODY));
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        while (connection.read(buffer.clear()) >= 0) {
            decoder.writeInbound(Unpooled.copiedBuffer(buffer.flip()));
            FullHttpRequest request = decoder.readInbound();
            if (request != null) {
                return request;
            }
            if (!decoder.isOpen()) {
                send(Routes.failure(413, "the request is larger than " + MAX_BODY + " bytes"));
                return null;
            }
        }
        return null;
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

    /// Lines as they come, until the client leaves.
    private void stream(String type, Routes.Opener opener) throws IOException {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>(MAX_BEHIND);
        Thread reader = Thread.currentThread();
        Thread.ofVirtual().start(() -> interruptWhenGone(reader));
        write(head(200, type, ""));
        try (AutoCloseable _ = opener.open(lines::offer)) {
            while (lines.remainingCapacity() > 0) {
                write(lines.take().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw e;
        } catch (InterruptedException _) {
            // The client left.
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void interruptWhenGone(Thread reader) {
        try {
            while (connection.read(ByteBuffer.allocate(64)) >= 0) {
                // What a follower sends has no meaning.
            }
        } catch (IOException _) {
            // Gone in another way.
        }
        reader.interrupt();
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
        while (buffer.hasRemaining()) {
            connection.write(buffer);
        }
    }
}
