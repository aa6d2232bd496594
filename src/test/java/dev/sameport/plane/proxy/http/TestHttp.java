package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.Desired;
import dev.sameport.model.PublishedPort;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.l4.ListenerOptions;
import dev.sameport.plane.proxy.l4.Listeners;
import dev.sameport.plane.proxy.l4.PortHolders;
import dev.sameport.plane.proxy.l4.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;

/// A port on which HTTP is spoken, with event loops of its own, and a client for it.
final class TestHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    final PublishedPort published = PublishedPort.tcp(Wanted.freePort());
    final EventLoops loops;
    final HttpReception http;
    final Listeners listeners;

    TestHttp(Transport transport, HttpOptions options) {
        loops = EventLoops.open(transport, 2);
        http =
                HttpReception.open(
                        loops,
                        ListenerOptions.DEFAULT,
                        Path.of("/nonexistent"),
                        CookieKey.fresh(),
                        _ -> options);
        listeners =
                new Listeners(loops, PortHolders.none(), ListenerOptions.DEFAULT, http, _ -> true);
    }

    static TestHttp serving(Origins... origins) {
        return serving(HttpOptions.DEFAULT, origins);
    }

    static TestHttp serving(HttpOptions options, Origins... origins) {
        TestHttp http = new TestHttp(Transport.forRelay(), options);
        http.toward(origins);
        return http;
    }

    void toward(Origins... origins) {
        InetSocketAddress[] addresses = new InetSocketAddress[origins.length];
        for (int i = 0; i < origins.length; i++) {
            addresses[i] = origins[i].server.address();
        }
        apply(Wanted.serving(published, addresses));
    }

    void apply(Desired desired) {
        for (Map.Entry<PublishedPort, PortOutcome> outcome :
                listeners.reserve(desired).entrySet()) {
            assertEquals(new PortOutcome.Carried(), outcome.getValue(), outcome.getKey().text());
        }
        listeners.release(desired);
    }

    Client connect() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), published.port()),
                PATIENCE_MILLIS);
        return new Client(socket);
    }

    /// A client that speaks byte by byte.
    record Client(Socket socket) implements AutoCloseable {
        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        }

        InputStream in() throws IOException {
            return socket.getInputStream();
        }

        /// The next head, its empty line included.
        String head() throws IOException {
            return Origins.head(in());
        }

        /// The next answer, whose body has a Content-Length.
        Answer answer() throws IOException {
            String head = head();
            String length = Origins.field(head, "Content-Length");
            int bytes = length.isEmpty() ? 0 : Integer.parseInt(length);
            return new Answer(head, new String(in().readNBytes(bytes), ISO_8859_1));
        }

        /// All that comes until the end.
        String rest() throws IOException {
            return new String(in().readAllBytes(), ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    record Answer(String head, String body) {
        int status() {
            return head.isEmpty() ? 0 : Integer.parseInt(head.substring(9, 12));
        }

        String field(String name) {
            return Origins.field(head, name);
        }
    }

    @Override
    public void close() {
        listeners.close();
        loops.close();
    }
}
