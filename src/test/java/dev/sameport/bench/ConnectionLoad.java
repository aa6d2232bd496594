package dev.sameport.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Opens connections, so many at a time, and tells how fast that went. One connection is: connect,
/// read until the server has closed, close with a reset, so that no port stays in TIME_WAIT.
///
/// `ConnectionLoad THREADS` reads lines `ADDRESS PORT CONNECTIONS PID…` from standard input and
/// answers each with one of its own: connections per second, the median time of connect() in
/// microseconds, microseconds of CPU per connection of this process and of those named together,
/// the failed, and the 99th percentile of connect() in microseconds. ADDRESS may be several with
/// commas between, which take turns.
final class ConnectionLoad {
    private final int threads;
    private final ExecutorService workers;

    private ConnectionLoad(int threads) {
        this.threads = threads;
        this.workers = Executors.newFixedThreadPool(threads, Thread.ofPlatform().factory());
    }

    public static void main(String[] arguments) throws Exception {
        ConnectionLoad load = new ConnectionLoad(Integer.parseInt(arguments[0]));
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(load.round(line.strip().split(" +")));
            }
        }
        load.workers.shutdown();
    }

    private String round(String[] words)
            throws IOException, InterruptedException, ExecutionException {
        List<InetSocketAddress> addresses =
                Arrays.stream(words[0].split(","))
                        .map(address -> new InetSocketAddress(address, Integer.parseInt(words[1])))
                        .toList();
        int connections = Integer.parseInt(words[2]);
        List<String> processes = new ArrayList<>(Arrays.asList(words).subList(3, words.length));
        processes.add("self");
        AtomicInteger left = new AtomicInteger(connections);
        List<Callable<long[]>> work = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            work.add(() -> connect(addresses, left));
        }
        long cpu = cpuNanos(processes);
        long begin = System.nanoTime();
        List<long[]> times = new ArrayList<>();
        for (var done : workers.invokeAll(work)) {
            times.add(done.get());
        }
        long wall = System.nanoTime() - begin;
        cpu = cpuNanos(processes) - cpu;
        long[] sorted = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return "%.0f %.1f %.2f %d %.1f"
                .formatted(
                        sorted.length * 1e9 / wall,
                        sorted.length == 0 ? 0 : sorted[sorted.length / 2] / 1e3,
                        cpu / 1e3 / connections,
                        connections - sorted.length,
                        sorted.length == 0 ? 0 : sorted[sorted.length * 99 / 100] / 1e3);
    }

    /// The time that connect() took for each that succeeded, in nanoseconds.
    private static long[] connect(List<InetSocketAddress> addresses, AtomicInteger left) {
        long[] times = new long[left.get()];
        int count = 0;
        ByteBuffer buffer = ByteBuffer.allocateDirect(16);
        for (int next = left.getAndDecrement(); next > 0; next = left.getAndDecrement()) {
            InetSocketAddress address = addresses.get(next % addresses.size());
            try (SocketChannel channel = SocketChannel.open()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                long begin = System.nanoTime();
                channel.connect(address);
                long end = System.nanoTime();
                while (channel.read(buffer.clear()) >= 0) {
                    // The server only closes.
                }
                times[count++] = end - begin;
            } catch (IOException e) {
                System.err.println(address + ": " + e.getMessage());
            }
        }
        return Arrays.copyOf(times, count);
    }

    /// What the processes' living threads have run so far; softirqs count for whom they interrupt.
    private static long cpuNanos(List<String> processes) throws IOException {
        long sum = 0;
        for (String process : processes) {
            try (DirectoryStream<Path> tasks =
                    Files.newDirectoryStream(Path.of("/proc", process, "task"))) {
                for (Path task : tasks) {
                    sum += ran(task);
                }
            }
        }
        return sum;
    }

    private static long ran(Path task) {
        try {
            return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
        } catch (IOException e) {
            if (Files.exists(task)) {
                throw new UncheckedIOException(e);
            }
            return 0; // The thread has ended since.
        }
    }
}
