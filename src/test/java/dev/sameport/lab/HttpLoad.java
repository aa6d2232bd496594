package dev.sameport.lab;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// An open-loop load of HTTP requests, half of them on new connections and half on kept ones,
/// whatever becomes of the earlier ones. It belongs to the network of the thread that makes it, and
/// is bounded in count and time.
///
/// A kept connection that closes without having said so (`Connection: close`) costs its request: no
/// client's leniency hides it.
final class HttpLoad implements AutoCloseable {
    private static final int MOST = 60_000;
    private static final int TIMEOUT_MILLIS = 30_000;

    private final InetSocketAddress address;
    private final String request;
    private final ExecutorService workers;
    private final Thread pacer;
    private final Deque<Connection> kept = new ConcurrentLinkedDeque<>();
    private final AtomicLong longestNanos = new AtomicLong();
    private final Semaphore underWay = new Semaphore(MOST);
    private volatile boolean stop;
    // guarded by this
    private final Map<String, Integer> answers = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();

    private HttpLoad(InetSocketAddress address, String request, int perSecond) {
        this.address = address;
        this.request = request;
        this.workers = Executors.newCachedThreadPool(Thread.ofPlatform().daemon(true).factory());
        this.pacer = Thread.ofPlatform().daemon(true).start(() -> pace(perSecond));
    }

    /// GETs.
    static HttpLoad gets(InetSocketAddress address, int perSecond) {
        return new HttpLoad(address, "GET / HTTP/1.1\r\nHost: lab\r\n", perSecond);
    }

    /// POSTs with a short body.
    static HttpLoad posts(InetSocketAddress address, String path, int perSecond) {
        return new HttpLoad(
                address,
                "POST " + path + " HTTP/1.1\r\nHost: lab\r\nContent-Length: 0\r\n",
                perSecond);
    }

    private void pace(int perSecond) {
        long start = System.nanoTime();
        for (int i = 0; i < MOST && !stop; i++) {
            long due = start + i * (TimeUnit.SECONDS.toNanos(1) / perSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            boolean keeps = i % 2 == 0;
            underWay.acquireUninterruptibly();
            workers.execute(() -> {
                try {
                    count(ask(keeps));
                } finally {
                    underWay.release();
                }
                longestNanos.accumulateAndGet(System.nanoTime() - due, Math::max);
            });
        }
    }

    private String ask(boolean keeps) {
        Connection connection = keeps ? kept.poll() : null;
        String how = connection == null ? "new" : "kept";
        try {
            if (connection == null) {
                connection = new Connection(address);
            }
            String answer =
                    connection.ask(request + (keeps ? "\r\n" : "Connection: close\r\n\r\n"));
            if (keeps && connection.goesOn) {
                kept.push(connection);
            } else {
                connection.close();
            }
            return answer;
        } catch (ConnectException _) {
            return "! refused";
        } catch (SocketTimeoutException _) {
            return "! timed out, " + how;
        } catch (IOException e) {
            return "! cut off, " + how + ": " + e.getMessage();
        }
    }

    private synchronized void count(String result) {
        (result.startsWith("!") ? failures : answers).merge(result, 1, Integer::sum);
    }

    synchronized int answered() {
        return answers.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized Map<String, Integer> answers() {
        return new TreeMap<>(answers);
    }

    /// Requests whose answer is still to come.
    int underWay() {
        return MOST - underWay.availablePermits();
    }

    /// The longest time from the moment when a request was due to its answer.
    long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestNanos.get());
    }

    /// Waits until so many more requests were answered.
    void awaitMore(int count) {
        int before = answered();
        Lab.await(count + " more answers", () -> answered() >= before + count);
    }

    /// Stops, waits for what is under way, and gives the failures.
    Map<String, Integer> end() throws InterruptedException, IOException {
        stop = true;
        pacer.join();
        workers.shutdown();
        if (!workers.awaitTermination(TIMEOUT_MILLIS * 2L + 1_000, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("requests hang beyond their time-outs");
        }
        closeKept();
        synchronized (this) {
            return new TreeMap<>(failures);
        }
    }

    private void closeKept() throws IOException {
        for (Connection each = kept.poll(); each != null; each = kept.poll()) {
            each.close();
        }
    }

    @Override
    public void close() throws IOException {
        stop = true;
        workers.shutdownNow();
        closeKept();
    }

    private static final class Connection {
        private final Socket socket = new Socket();
        private final InputStream in;
        private boolean goesOn = true;

        Connection(InetSocketAddress address) throws IOException {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.connect(address, TIMEOUT_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        }

        String ask(String request) throws IOException {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String status = line();
            int length = 0;
            for (String field = line(); !field.isEmpty(); field = line()) {
                if (field.regionMatches(true, 0, "content-length:", 0, 15)) {
                    length = Integer.parseInt(field.substring(15).strip());
                } else if (field.equalsIgnoreCase("connection: close")) {
                    goesOn = false;
                }
            }
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new IOException("truncated");
            }
            return status.startsWith("HTTP/1.1 200")
                    ? new String(body, StandardCharsets.UTF_8).strip()
                    : "! " + status;
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new IOException("ended");
                }
                if (b != '\r') {
                    line.append((char) b);
                }
            }
            return line.toString();
        }

        void close() throws IOException {
            socket.close();
        }
    }
}
