package dev.sameport.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class AdminServerTest {
    private final ScriptedControl control = new ScriptedControl();
    private final Path directory;
    private final Path socket;
    private AdminServer server;

    AdminServerTest(@TempDir Path directory) {
        this.directory = directory;
        this.socket = directory.resolve("admin.sock");
        this.server = AdminServer.start(socket, control);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private AdminClient client() {
        return new AdminClient(socket);
    }

    @Test
    void a_client_reads_what_the_daemon_says() {
        assertEquals(Tables.services(Sample.snapshot(), Paint.PLAIN), client().get("/v1/services"));
    }

    @Test
    void only_the_owner_and_the_group_may_open_it() throws IOException {
        assertEquals(
                "rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
        try (var files = Files.list(directory)) {
            assertEquals(1, files.count(), "nothing but the socket is left");
        }
    }

    @Test
    void it_takes_its_socket_away_when_it_ends() {
        server.close();
        assertFalse(Files.exists(socket));
    }

    @Test
    void a_socket_that_a_dead_daemon_left_is_replaced() throws IOException {
        Path stale = directory.resolve("stale.sock");
        try (var dead =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(java.net.UnixDomainSocketAddress.of(stale));
        }
        try (AdminServer _ = AdminServer.start(stale, control)) {
            assertEquals("sameport 0.0.0\n", new AdminClient(stale).get("/v1/version"));
        }
    }

    @Test
    void a_socket_that_answers_is_left_alone() {
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> AdminServer.start(socket, control));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("another daemon answers"),
                refused.toString());
        assertEquals("sameport 0.0.0\n", client().get("/v1/version"));
    }

    @Test
    void a_file_that_is_no_socket_is_left_alone() throws IOException {
        Path file = Files.writeString(directory.resolve("precious"), "text");
        assertThrows(IllegalStateException.class, () -> AdminServer.start(file, control));
        assertEquals("text", Files.readString(file));
    }

    @Test
    void a_path_that_no_socket_can_have_is_refused_by_its_length() {
        Path deep = directory.resolve("d".repeat(100)).resolve("admin.sock");
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class, () -> AdminServer.start(deep, control));
        assertTrue(String.valueOf(refused.getMessage()).contains("107"), refused.toString());
    }

    @Test
    void an_order_arrives_whole() throws InterruptedException {
        Form form =
                new Form()
                        .add("name", "odd & = % + ü name")
                        .add("setting", "sameport.publish=80:8080")
                        .add("endpoint", "app_1")
                        .add("endpoint", "[fd00::5]:8080");
        client().post("/v1/publish", form);
        assertEquals(
                "publish PublishCall[name=odd & = % + ü name, settings={sameport.publish=80:8080}, endpoints=[app_1, [fd00::5]:8080]]",
                control.told.take());
    }

    @Test
    void an_endpoint_that_is_none_never_reaches_the_daemon() {
        Form form = new Form().add("name", "web").add("endpoint", "10.0.0.5:99999");
        AdminClient.Refused refused =
                assertThrows(AdminClient.Refused.class, () -> client().post("/v1/publish", form));
        assertTrue(refused.usage(), refused.toString());
        assertTrue(control.told.isEmpty(), control.told::toString);
    }

    @Test
    void what_is_refused_for_now_is_told_from_words_that_are_off() {
        assertFalse(refusal("busy").usage());
        assertEquals("service busy can't be had; try later", refusal("busy").getMessage());
    }

    @Test
    void a_bug_of_the_daemon_is_an_answer_and_it_lives_on() {
        assertTrue(
                String.valueOf(refusal("bug").getMessage()).contains("please report it"), "text");
        assertEquals("sameport 0.0.0\n", client().get("/v1/version"));
    }

    private AdminClient.Refused refusal(String name) {
        return assertThrows(
                AdminClient.Refused.class,
                () -> client().post("/v1/unpublish", new Form().add("name", name)));
    }

    @Test
    void a_follower_gets_each_change_as_it_happens() throws InterruptedException {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> client().follow("/v1/events/follow.json", lines::add));
        assertEquals(1, control.following.take());
        for (int i = 0; i < 100; i++) {
            control.tell(new Change(i, Sample.NOON, "port " + i, "served by nat"));
            assertEquals(
                    "{\"at\":\"2026-01-02T12:00:00.123Z\",\"generation\":"
                            + i
                            + ",\"subject\":\"port "
                            + i
                            + "\",\"text\":\"served by nat\"}",
                    lines.take());
        }
        server.close();
        assertEquals(0, control.following.take(), "it is forgotten when the connection ends");
    }

    @Test
    void a_follower_that_left_is_forgotten_at_once() throws Exception {
        try (RawClient follower = new RawClient(socket)) {
            follower.send("GET /v1/events/follow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(1, control.following.take());
        }
        assertEquals(0, control.following.take());
    }

    @Test
    void a_follower_that_reads_nothing_is_let_go() throws Exception {
        server.close();
        server = AdminServer.start(socket, control, Duration.ofMillis(200));
        try (RawClient follower = new RawClient(socket)) {
            follower.send("GET /v1/events/follow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(1, control.following.take());
            Change long1 = new Change(1, Sample.NOON, "port 80/tcp", "x".repeat(180));
            for (int i = 0; i < 20_000; i++) {
                control.tell(long1);
            }
            assertEquals(0, control.following.take());
        }
        assertEquals("sameport 0.0.0\n", client().get("/v1/version"));
    }

    @Test
    void replicas_end_with_the_connection_that_started_them() throws Exception {
        String body =
                new Form()
                        .add("name", "web")
                        .add("scale", "2")
                        .add("directory", "/srv")
                        .add("setting", "sameport.publish=80:8080")
                        .add("command", "./server")
                        .text();
        try (RawClient run = new RawClient(socket)) {
            run.send(
                    "POST /v1/run/attached HTTP/1.1\r\nHost: a\r\nContent-Length: "
                            + body.length()
                            + "\r\n\r\n"
                            + body);
            assertEquals(
                    "run web 2 {sameport.publish=80:8080} [./server] in /srv as "
                            + System.getProperty("user.name"),
                    control.told.take());
            assertEquals(1, control.following.take());
        }
        assertEquals("scale web 0", control.told.take());
        assertEquals(0, control.following.take());
    }

    @Test
    void a_daemon_that_says_nothing_is_given_up() throws Exception {
        Path deaf = directory.resolve("deaf.sock");
        try (var listener =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            listener.bind(java.net.UnixDomainSocketAddress.of(deaf));
            var asked =
                    CompletableFuture.supplyAsync(() ->
                            assertThrows(
                                    java.io.UncheckedIOException.class,
                                    () ->
                                            new AdminClient(deaf, Duration.ofMillis(100))
                                                    .get("/v1/version")));
            assertTrue(message(asked).contains("did not answer within"), message(asked));
        }
    }

    private static String message(CompletableFuture<? extends Exception> failure)
            throws ExecutionException, InterruptedException, TimeoutException {
        return String.valueOf(failure.get(30, TimeUnit.SECONDS).getMessage());
    }
}
