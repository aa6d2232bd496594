package dev.sameport.plane.proxy.l4;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.PublishedPort;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.Transports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RelayTest {
    private static final int CHUNK = 64 << 10;
    private static final long HUNDRED_MEGABYTES = 100L << 20;

    /// What two connections can have in their buffers: how far they grow is the machine's choice (6
    /// MiB for receiving on older kernels, 32 MiB on newer ones).
    private static final long KERNEL_HOLDS = 2 * (greatestBuffer("rmem") + greatestBuffer("wmem"));

    private static final long RELAY_HOLDS = 1L << 20;
    private static final long MORE_THAN_FITS = Math.max(HUNDRED_MEGABYTES, 2 * KERNEL_HOLDS);

    private final PublishedPort published = PublishedPort.tcp(Wanted.freePort());

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_hundred_megabytes_come_back_byte_for_byte(Transport transport) throws Exception {
        try (TestServer server = TestServer.echo();
                TestListeners listeners = serving(transport, server);
                Socket client = TestListeners.connect(published)) {
            CompletableFuture<byte[]> sent =
                    inBackground(() -> sendRandom(client, 1, HUNDRED_MEGABYTES, new AtomicLong()));
            MessageDigest received = sha256();
            long count = drain(client.getInputStream(), received);
            assertEquals(HUNDRED_MEGABYTES, count);
            assertArrayEquals(sent.get(20, TimeUnit.SECONDS), received.digest());
            Until.holds("the relay ends", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_client_that_does_not_read_stops_the_endpoint_and_loses_nothing(Transport transport)
            throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<byte[]> sent = new CompletableFuture<>();
        try (TestServer server =
                        TestServer.start(socket ->
                                sent.complete(sendRandom(socket, 2, MORE_THAN_FITS, written)));
                TestListeners _ = serving(transport, server);
                Socket client = TestListeners.connect(published)) {
            long stalledAt = Until.settled(written::get, Duration.ofMillis(300));
            assertTrue(
                    stalledAt < KERNEL_HOLDS + RELAY_HOLDS,
                    "the endpoint could write " + stalledAt);
            MessageDigest received = sha256();
            assertEquals(MORE_THAN_FITS, drain(client.getInputStream(), received));
            assertArrayEquals(sent.get(20, TimeUnit.SECONDS), received.digest());
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void an_endpoint_that_does_not_read_stops_the_client(Transport transport) throws Exception {
        AtomicLong written = new AtomicLong();
        CompletableFuture<Void> read = new CompletableFuture<>();
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        try (TestServer server =
                        TestServer.start(socket -> {
                            read.get(20, TimeUnit.SECONDS);
                            MessageDigest digest = sha256();
                            drain(socket.getInputStream(), digest);
                            received.complete(digest.digest());
                        });
                TestListeners _ = serving(transport, server);
                Socket client = TestListeners.connect(published)) {
            CompletableFuture<byte[]> sent =
                    inBackground(() -> sendRandom(client, 3, MORE_THAN_FITS, written));
            long stalledAt = Until.settled(written::get, Duration.ofMillis(300));
            assertTrue(
                    stalledAt < KERNEL_HOLDS + RELAY_HOLDS, "the client could write " + stalledAt);
            read.complete(null);
            assertArrayEquals(sent.get(20, TimeUnit.SECONDS), received.get(20, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_client_that_ended_its_side_still_gets_the_answer(Transport transport) throws Exception {
        try (TestServer server =
                        TestServer.start(socket -> {
                            byte[] request = socket.getInputStream().readAllBytes();
                            socket.getOutputStream().write(request.length);
                        });
                TestListeners _ = serving(transport, server);
                Socket client = TestListeners.connect(published)) {
            client.getOutputStream().write(new byte[77]);
            client.shutdownOutput();
            assertArrayEquals(new byte[] {77}, client.getInputStream().readAllBytes());
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void an_endpoint_that_ended_its_side_still_gets_the_rest(Transport transport) throws Exception {
        CompletableFuture<byte[]> rest = new CompletableFuture<>();
        try (TestServer server =
                        TestServer.start(socket -> {
                            socket.getOutputStream().write(TestServer.bytes("bye"));
                            socket.shutdownOutput();
                            rest.complete(socket.getInputStream().readAllBytes());
                        });
                TestListeners _ = serving(transport, server);
                Socket client = TestListeners.connect(published)) {
            assertEquals("bye", new String(client.getInputStream().readAllBytes(), US_ASCII));
            client.getOutputStream().write(TestServer.bytes("more"));
            client.shutdownOutput();
            assertEquals("more", new String(rest.get(20, TimeUnit.SECONDS), US_ASCII));
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_reset_by_the_client_resets_the_endpoint(Transport transport) throws Exception {
        CompletableFuture<Integer> arrived = new CompletableFuture<>();
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        try (TestServer server =
                        TestServer.start(socket -> {
                            InputStream in = socket.getInputStream();
                            arrived.complete(in.read());
                            seen.complete(assertThrows(SocketException.class, in::read));
                        });
                TestListeners listeners = serving(transport, server)) {
            Socket client = TestListeners.connect(published);
            client.getOutputStream().write(1);
            assertEquals(1, arrived.get(20, TimeUnit.SECONDS));
            reset(client);
            assertEquals("Connection reset", seen.get(20, TimeUnit.SECONDS).getMessage());
            Until.holds("the relay ends", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_reset_by_the_endpoint_resets_the_client_after_the_last_byte(Transport transport)
            throws Exception {
        byte[] answer = new byte[5000];
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        try (TestServer server =
                        TestServer.start(socket -> {
                            socket.getOutputStream().write(answer);
                            arrived.get(20, TimeUnit.SECONDS);
                            reset(socket);
                        });
                TestListeners listeners = serving(transport, server);
                Socket client = TestListeners.connect(published)) {
            InputStream in = client.getInputStream();
            assertArrayEquals(answer, in.readNBytes(answer.length));
            arrived.complete(null);
            assertEquals(
                    "Connection reset", assertThrows(SocketException.class, in::read).getMessage());
            Until.holds("the relay ends", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_reset_while_the_client_is_stalled_ends_the_relay(Transport transport) throws Exception {
        AtomicLong written = new AtomicLong();
        try (TestServer server =
                        TestServer.start(socket -> sendRandom(socket, 4, MORE_THAN_FITS, written));
                TestListeners listeners = serving(transport, server)) {
            Socket client = TestListeners.connect(published);
            Until.settled(written::get, Duration.ofMillis(200));
            reset(client);
            Until.holds("the relay ends", () -> listeners.listeners.active() == 0);
            Until.holds("the endpoint notices", () -> !server.failures.isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void an_answer_to_an_unfinished_upload_arrives(Transport transport) throws Exception {
        String answer = "413 too large";
        try (TestServer server =
                        TestServer.start(socket -> {
                            socket.getInputStream().read();
                            socket.getOutputStream().write(TestServer.bytes(answer));
                            socket.shutdownOutput();
                        });
                TestListeners listeners = serving(transport, server)) {
            Socket client = TestListeners.connect(published);
            CompletableFuture<byte[]> upload =
                    inBackground(() -> sendRandom(client, 5, HUNDRED_MEGABYTES, new AtomicLong()));
            byte[] read = client.getInputStream().readNBytes(answer.length());
            assertEquals(answer, new String(read, US_ASCII));
            client.close();
            assertThrows(Exception.class, () -> upload.get(20, TimeUnit.SECONDS));
            Until.holds("the relay ends", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void the_tail_arrives_when_the_endpoint_closes_on_a_slow_client(Transport transport)
            throws Exception {
        int size = 8 << 20;
        AtomicLong written = new AtomicLong();
        CompletableFuture<byte[]> sent = new CompletableFuture<>();
        try (TestServer server =
                        TestServer.start(
                                socket -> sent.complete(sendRandom(socket, 6, size, written)));
                TestListeners _ = serving(transport, server);
                Socket client = TestListeners.connect(published)) {
            client.shutdownOutput();
            Until.settled(written::get, Duration.ofMillis(200));
            MessageDigest received = sha256();
            assertEquals(size, drain(client.getInputStream(), received));
            assertArrayEquals(sent.get(20, TimeUnit.SECONDS), received.digest());
        }
    }

    private TestListeners serving(Transport transport, TestServer server) {
        TestListeners listeners = new TestListeners(transport);
        listeners.apply(Wanted.serving(published, server.address()));
        return listeners;
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static long greatestBuffer(String which) {
        // A sysctl is answered whole by its first read, which must be long enough.
        try (BufferedReader file =
                Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/tcp_" + which))) {
            return Long.parseLong(file.readLine().split("\\s+")[2]);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private interface Sending {
        byte[] send() throws IOException;
    }

    private static CompletableFuture<byte[]> inBackground(Sending sending) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        result.complete(sending.send());
                    } catch (IOException | RuntimeException failure) {
                        result.completeExceptionally(failure);
                    }
                });
        return result;
    }

    /// Sends random bytes, ends the output and returns their digest.
    private static byte[] sendRandom(Socket socket, long seed, long size, AtomicLong written)
            throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        MessageDigest digest = sha256();
        OutputStream out = socket.getOutputStream();
        byte[] chunk = new byte[CHUNK];
        while (written.get() < size) {
            random.nextBytes(chunk);
            digest.update(chunk);
            out.write(chunk);
            written.addAndGet(chunk.length);
        }
        socket.shutdownOutput();
        return digest.digest();
    }

    private static long drain(InputStream in, MessageDigest digest) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long count = 0;
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            digest.update(chunk, 0, read);
            count += read;
        }
        return count;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new UncheckedIOException(new IOException(impossible));
        }
    }
}
