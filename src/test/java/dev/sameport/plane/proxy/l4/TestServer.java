package dev.sameport.plane.proxy.l4;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A small server on a port of loopback; each connection is served on a virtual thread of its own.
public final class TestServer implements AutoCloseable {

    /// What is done with one connection; the socket is closed after it.
    public interface Serving {
        void serve(Socket socket) throws Exception;
    }

    private final ServerSocket listener;
    private final Serving serving;
    public final AtomicInteger accepted = new AtomicInteger();
    public final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    private TestServer(ServerSocket listener, Serving serving) {
        this.listener = listener;
        this.serving = serving;
    }

    public static TestServer start(Serving serving) {
        return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), serving);
    }

    static TestServer start(InetSocketAddress address, Serving serving) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(address, 1024);
            TestServer server = new TestServer(listener, serving);
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// Sends its name and ends.
    static TestServer named(String name) {
        return start(socket -> socket.getOutputStream().write(bytes(name)));
    }

    /// Sends back what it gets until the client ends.
    static TestServer echo() {
        return start(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (SocketException _) {
                return; // It was closed.
            } catch (IOException failure) {
                failures.add(failure);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            serving.serve(socket);
        } catch (Exception failure) {
            failures.add(failure);
        }
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
