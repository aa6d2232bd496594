package dev.sameport.lab;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// An open-loop load: so many new connections a second, whatever becomes of the earlier ones; each
/// asks once and reads the whole answer. It belongs to the network of the thread that makes it, and
/// is bounded in count and time.
final class Load implements AutoCloseable {
    private static final int MOST = 100_000;
    private final InetSocketAddress address;
    private final String path;
    private final int timeoutMillis;
    private final ExecutorService workers;
    private final Thread pacer;
    private volatile boolean stop;
    // guarded by this
    private final Map<String, Integer> answers = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private final List<Failure> failed = new ArrayList<>();

    /// One request that was not answered, and the moment before it began to connect.
    record Failure(Instant began, String why) {}

    private Load(InetSocketAddress address, String path, int perSecond, int timeoutMillis) {
        this.address = address;
        this.path = path;
        this.timeoutMillis = timeoutMillis;
        this.workers = Executors.newCachedThreadPool(Thread.ofPlatform().daemon(true).factory());
        this.pacer = Thread.ofPlatform().daemon(true).start(() -> pace(perSecond));
    }

    /// Begins; `close` or `end` stops it.
    static Load start(InetSocketAddress address, String path, int perSecond, int timeoutMillis) {
        return new Load(address, path, perSecond, timeoutMillis);
    }

    private void pace(int perSecond) {
        long start = System.nanoTime();
        for (int i = 0; i < MOST && !stop; i++) {
            long due = start + i * (TimeUnit.SECONDS.toNanos(1) / perSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            workers.execute(() -> {
                Instant began = Instant.now();
                count(began, request(address, path, timeoutMillis));
            });
        }
    }

    /// So many requests one after the other, on the calling thread.
    static Map<String, Integer> sequence(InetSocketAddress address, String path, int count) {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            answers.merge(request(address, path, 5_000), 1, Integer::sum);
        }
        return answers;
    }

    /// The body of the answer, or `! why`.
    static String request(InetSocketAddress address, String path, int timeoutMillis) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(timeoutMillis);
            socket.connect(address, timeoutMillis);
            String request = "GET " + path + " HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return body(socket.getInputStream());
        } catch (ConnectException e) {
            return "! refused";
        } catch (SocketTimeoutException e) {
            return "! timed out";
        } catch (IOException e) {
            return "! cut off: " + e.getMessage();
        }
    }

    private static String body(InputStream in) throws IOException {
        String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        int end = answer.indexOf("\r\n\r\n");
        if (!answer.startsWith("HTTP/1.") || !answer.contains(" 200 ") || end < 0) {
            throw new IOException("answer '" + answer.lines().findFirst().orElse("") + "'");
        }
        return answer.substring(end + 4).strip();
    }

    private synchronized void count(Instant began, String result) {
        if (result.startsWith("!")) {
            failed.add(new Failure(began, result));
        }
        (result.startsWith("!") ? failures : answers).merge(result, 1, Integer::sum);
    }

    synchronized int answered() {
        return answers.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized Map<String, Integer> answers() {
        return new TreeMap<>(answers);
    }

    synchronized Map<String, Integer> failures() {
        return new TreeMap<>(failures);
    }

    /// The failed requests that began before, or from, a moment on.
    synchronized Map<Boolean, List<Failure>> failuresFrom(Instant moment) {
        return failed.stream()
                .collect(Collectors.partitioningBy(failure -> !failure.began().isBefore(moment)));
    }

    /// When the failed requests began, by the second.
    synchronized String timeline() {
        Map<String, Integer> seconds = new TreeMap<>();
        for (Failure failure : failed) {
            seconds.merge(
                    failure.began().truncatedTo(ChronoUnit.SECONDS) + " " + failure.why(),
                    1,
                    Integer::sum);
        }
        return seconds.entrySet().stream().map(entry -> entry + "\n").reduce("", String::concat);
    }

    /// How many failed.
    synchronized int lost() {
        return failed.size();
    }

    /// Waits until so many more requests were answered.
    void awaitMore(int count) {
        int before = answered();
        Lab.await(count + " more answers", () -> answered() >= before + count);
    }

    /// Stops, waits for what is under way, and gives the failures.
    Map<String, Integer> end() throws InterruptedException {
        stop = true;
        pacer.join();
        workers.shutdown();
        if (!workers.awaitTermination(timeoutMillis * 2L + 1_000, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("requests hang beyond their time-outs");
        }
        return failures();
    }

    @Override
    public void close() {
        stop = true;
        workers.shutdownNow();
    }
}
