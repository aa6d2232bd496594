package dev.sameport.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// A client that opens a new connection for each request, as the article does. It runs on the
/// thread it is called on, so in that thread's network namespace.
final class DemoClient {
    private static final int TIMEOUT_MILLIS = 8_000;
    private static final int THREADS = 6;
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: demo\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress address;

    DemoClient(InetSocketAddress address) {
        this.address = address;
    }

    /// One request after the other.
    Tally requests(int count) {
        Tally tally = new Tally();
        for (int i = 0; i < count; i++) {
            request(tally);
        }
        return tally;
    }

    /// Requests on several threads, each pausing `pauseNanos` after every answer, until `stop` is
    /// set; at most `limit` in all.
    Tally until(AtomicBoolean stop, int limit, long pauseNanos) throws InterruptedException {
        Tally tally = new Tally();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            threads.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                while (!stop.get() && tally.total() < limit) {
                                    request(tally);
                                    LockSupport.parkNanos(pauseNanos);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return tally;
    }

    private void request(Tally tally) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(address, TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST);
            tally.answered(replica(socket.getInputStream()));
        } catch (ConnectException _) {
            tally.failed("refused");
        } catch (SocketTimeoutException _) {
            tally.failed("timed out");
        } catch (IOException _) {
            tally.failed("cut off");
        }
    }

    private static String replica(InputStream answer) throws IOException {
        String text = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        int from = text.lastIndexOf("Hello from ");
        if (from < 0) {
            throw new IOException("no answer");
        }
        return text.substring(from + "Hello from ".length()).strip();
    }
}
