package dev.sameport.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The client against an engine that answers badly, late, or not at all.
class EngineClientTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    @TempDir private Path directory;
    private FakeEngine engine;
    private EngineClient client;

    @BeforeEach
    void start() {
        engine = new FakeEngine(directory.resolve("engine.sock"));
        client = new EngineClient(engine.socket());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private EngineException fails(org.junit.jupiter.api.function.Executable call) {
        return assertTimeoutPreemptively(DEADLINE, () -> assertThrows(EngineException.class, call));
    }

    @ParameterizedTest
    @CsvSource({
        "1.41, 1.12, 1.41",
        "1.24, , 1.24",
        "1.56, 1.40, 1.56",
        "1.99, 1.44, 1.56",
        "1.99, 1.70, 1.70"
    })
    void the_newest_api_that_both_know_is_spoken(String theirs, String minimum, String spoken) {
        engine.on(
                "/version",
                FakeEngine.json(
                        "{\"ApiVersion\":\"%s\",\"MinAPIVersion\":\"%s\"}"
                                .formatted(theirs, minimum == null ? "" : minimum)));
        engine.on("/containers/json", FakeEngine.json("[]"));
        assertEquals(spoken, client.negotiate().api());
        client.containers();
        assertEquals("/v" + spoken + "/containers/json?all=true", engine.asked().getLast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"ApiVersion\":\"new\"}", "{\"ApiVersion\":1.41}", "[]"})
    void an_engine_without_a_readable_version_is_refused(String answer) {
        engine.on("/version", FakeEngine.json(answer));
        String message = fails(client::negotiate).getMessage();
        assertTrue(message.contains("GET /version"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "\"\"", "0", "{\"message\":\"busy\"}", ""})
    void what_is_no_list_is_not_taken_for_an_empty_one(String answer) {
        engine.on("/containers/json", FakeEngine.json(answer));
        String message = fails(client::containers).getMessage();
        assertTrue(message.contains("/containers/json"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"a\"",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n[]\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\n[]",
                "HTTP/1.1 200 OK\r\n\r\n[{\"Id\":\"a\"}",
                "HTTP/1.1 OK\r\n\r\n[]",
                "\u0000\u0001\u0002",
                "[]",
                ""
            })
    void half_an_answer_and_what_is_no_http_are_errors(String answer) {
        engine.on("/containers/json", FakeEngine.raw(answer));
        String message = fails(client::containers).getMessage();
        assertTrue(
                message.startsWith("engine at " + engine.socket() + ", GET /containers/json"),
                message);
    }

    @Test
    void an_answer_that_breaks_off_says_that_the_engine_is_not_reached() {
        engine.on(
                "/containers/json",
                FakeEngine.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]"));
        assertInstanceOf(EngineUnreachableException.class, fails(client::containers));
    }

    @Test
    void an_interim_answer_comes_before_the_answer() {
        engine.on(
                "/containers/json",
                FakeEngine.raw(
                        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"));
        assertEquals(List.of(), client.containers());
    }

    @Test
    void an_answer_without_a_length_ends_with_the_connection() {
        engine.on("/containers/json", FakeEngine.raw("HTTP/1.0 200 OK\r\n\r\n[{\"Id\":\"abc\"}]"));
        assertEquals(List.of("abc"), client.containers());
    }

    @Test
    void an_endless_answer_is_cut_off() {
        engine.on(
                "/containers/x/json",
                channel -> {
                    FakeEngine.write(channel, FakeEngine.CHUNKED + "6\r\n{\"Id\":\r\n");
                    byte[] blanks =
                            FakeEngine.chunk(" ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8));
                    while (true) {
                        FakeEngine.write(channel, blanks);
                    }
                });
        String message = fails(() -> client.inspect("x")).getMessage();
        assertTrue(message.contains("larger than 4194304 bytes"), message);
    }

    @Test
    void endless_headers_are_cut_off() {
        engine.on(
                "/containers/json",
                channel -> {
                    FakeEngine.write(channel, "HTTP/1.1 200 OK\r\n");
                    while (true) {
                        FakeEngine.write(channel, "X-More: more\r\n");
                    }
                });
        String message = fails(client::containers).getMessage();
        assertTrue(message.contains("not HTTP"), message);
    }

    @Test
    void deep_and_long_json_is_refused() {
        engine.on("/containers/json", FakeEngine.json("[".repeat(100_000) + "]".repeat(100_000)));
        assertTrue(fails(client::containers).getMessage().contains("not JSON"));
        engine.on(
                "/containers/json", FakeEngine.json("[{\"Id\":\"" + "a".repeat(2 << 20) + "\"}]"));
        assertTrue(fails(client::containers).getMessage().contains("not JSON"));
    }

    @Test
    void a_silent_engine_costs_no_more_than_the_timeout() throws InterruptedException {
        EngineClient patient = new EngineClient(engine.socket(), SHORT);
        CountDownLatch never = new CountDownLatch(1);
        engine.on("/containers/json", _ -> never.await());
        EngineException e = fails(patient::containers);
        assertTrue(e.getMessage().contains("no answer within 300 ms"), e.getMessage());
        assertFalse(e instanceof EngineUnreachableException);
    }

    @Test
    void a_trickling_engine_costs_no_more_than_the_timeout() {
        EngineClient patient = new EngineClient(engine.socket(), SHORT);
        CountDownLatch never = new CountDownLatch(1);
        engine.on(
                "/containers/json",
                channel -> {
                    FakeEngine.write(channel, FakeEngine.CHUNKED);
                    while (!never.await(10, TimeUnit.MILLISECONDS)) {
                        FakeEngine.write(channel, "1\r\n \r\n");
                    }
                });
        assertTrue(fails(patient::containers).getMessage().contains("no answer within 300 ms"));
    }

    @Test
    void an_engine_that_accepts_nobody_costs_no_more_than_the_timeout() throws IOException {
        Path full = directory.resolve("full.sock");
        List<SocketChannel> queued = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(full), 1);
            for (int i = 0; i < 2; i++) {
                queued.add(SocketChannel.open(UnixDomainSocketAddress.of(full)));
            }
            EngineClient patient = new EngineClient(full, SHORT);
            LinkedBlockingQueue<EngineException> outcome = new LinkedBlockingQueue<>();
            Thread.ofVirtual().start(() -> outcome.add(fails(patient::containers)));
            EngineException e =
                    assertTimeoutPreemptively(
                            DEADLINE, () -> outcome.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS));
            assertTrue(e.getMessage().contains("engine at " + full), e.getMessage());
        } finally {
            for (SocketChannel channel : queued) {
                channel.close();
            }
        }
    }

    @Test
    void nobody_there_is_said_with_the_path() {
        EngineClient nobody = new EngineClient(directory.resolve("none.sock"));
        EngineException e = fails(nobody::negotiate);
        assertInstanceOf(EngineUnreachableException.class, e);
        assertTrue(e.getMessage().contains("none.sock"), e.getMessage());
    }

    @Test
    void what_is_gone_is_told_from_what_failed() {
        assertTrue(fails(() -> client.inspect("gone")).notFound());
        engine.on("/containers/broken/json", FakeEngine.status(500, "{\"message\":\"no rootfs\"}"));
        EngineException e = fails(() -> client.inspect("broken"));
        assertFalse(e.notFound());
        assertTrue(e.getMessage().contains("status 500"), e.getMessage());
        assertTrue(e.getMessage().contains("no rootfs"), e.getMessage());
    }

    @Test
    void a_missing_field_is_named_with_its_container() {
        engine.on("/containers/abc/json", FakeEngine.json("{\"Id\":\"abc\"}"));
        String message = fails(() -> client.inspect("abc")).getMessage();
        assertTrue(message.contains("/containers/abc/json"), message);
        assertTrue(message.contains("field Name"), message);
        engine.on(
                "/containers/abc/json",
                FakeEngine.json(
                        "{\"Id\":\"abc\",\"Name\":\"a\",\"State\":{\"Health\":{\"Status\":7}}}"));
        message = fails(() -> client.inspect("abc")).getMessage();
        assertTrue(message.contains("field State.Health.Status"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../version", "..", "a/b", "a b", "a\r\nX: y", "", "%2e", "?all", ".hidden"})
    void an_id_can_not_become_another_question(String id) {
        fails(() -> client.inspect(id));
        fails(() -> client.imageLabels(id));
        fails(() -> client.network(id));
        assertEquals(List.of(), engine.asked());
    }

    private List<EngineEvent> read(byte[]... pieces) {
        List<EngineEvent> events = new ArrayList<>();
        engine.on(
                "/events",
                channel -> {
                    FakeEngine.write(channel, FakeEngine.CHUNKED);
                    for (byte[] piece : pieces) {
                        FakeEngine.write(channel, FakeEngine.chunk(piece));
                    }
                });
        fails(() -> client.events().read(() -> {}, events::add));
        return events;
    }

    private static String two(String between) {
        return """
        {"Type":"container","Action":"start","Actor":{"ID":"a","Attributes":{"x":"}{\\"\\\\"}},"timeNano":5}\
        %s{"Type":"container","Action":"health_status: healthy","Actor":{"ID":"b"},"timeNano":6}\
        """
                .formatted(between);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", " ", "\n\u001e", "\n\n\n"})
    void events_follow_each_other_with_or_without_line_ends(String between) {
        List<EngineEvent> events = read(two(between).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of("start a", "health_status b"),
                events.stream().map(e -> e.action() + " " + e.id()).toList());
        assertEquals("}{\"\\", events.getFirst().attributes().get("x"));
    }

    @Test
    void events_arrive_whole_however_the_stream_is_cut() {
        byte[] whole = Captured.bytes("docker-20.10", "events.jsonl");
        List<EngineEvent> expected = read(whole);
        assertTrue(expected.size() > 50);
        for (long seed = 0; seed < 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<byte[]> pieces = new ArrayList<>();
            int from = 0;
            while (from < whole.length) {
                int to = Math.min(whole.length, from + 1 + random.nextInt(400));
                pieces.add(Arrays.copyOfRange(whole, from, to));
                from = to;
            }
            assertEquals(expected, read(pieces.toArray(byte[][]::new)), "seed " + seed);
        }
    }

    @Test
    void an_event_is_passed_on_when_it_comes_and_the_end_is_told() throws InterruptedException {
        EventStream stream = new EventStream();
        engine.on("/events", stream);
        CountDownLatch opened = new CountDownLatch(1);
        LinkedBlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        client.events().read(opened::countDown, seen::add);
                    } catch (EngineException e) {
                        seen.add(e);
                    }
                });
        assertTrue(opened.await(30, TimeUnit.SECONDS));
        stream.say("{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"a\"}}");
        assertInstanceOf(EngineEvent.class, seen.poll(30, TimeUnit.SECONDS));
        stream.end();
        assertInstanceOf(EngineUnreachableException.class, seen.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void a_stream_outlives_the_timeout_once_its_head_came() throws InterruptedException {
        EngineClient patient = new EngineClient(engine.socket(), SHORT);
        EventStream stream = new EventStream();
        engine.on("/events", stream);
        CountDownLatch opened = new CountDownLatch(1);
        LinkedBlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        patient.events().read(opened::countDown, seen::add);
                    } catch (EngineException e) {
                        seen.add(e);
                    }
                });
        assertTrue(opened.await(30, TimeUnit.SECONDS));
        assertEquals(null, seen.poll(2 * SHORT.toMillis(), TimeUnit.MILLISECONDS));
        stream.say("{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"a\"}}");
        assertInstanceOf(EngineEvent.class, seen.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void closing_the_stream_ends_the_reading() throws InterruptedException {
        engine.on("/events", new EventStream());
        CountDownLatch opened = new CountDownLatch(1);
        LinkedBlockingQueue<EngineException> seen = new LinkedBlockingQueue<>();
        try (EngineClient.Events events = client.events()) {
            Thread.ofVirtual()
                    .start(() -> seen.add(fails(() -> events.read(opened::countDown, _ -> {}))));
            assertTrue(opened.await(30, TimeUnit.SECONDS));
        }
        EngineException e = seen.poll(30, TimeUnit.SECONDS);
        assertTrue(e != null && e.getMessage().contains("the connection was closed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{\"Type\":}", "{\"Type\":7}", "[]", "\u0000", "{\"a\"]"})
    void garbage_in_the_stream_ends_it(String garbage) {
        read(garbage.getBytes(StandardCharsets.UTF_8));
        String message = fails(() -> client.events().read(() -> {}, _ -> {})).getMessage();
        assertTrue(message.contains("GET /events"), message);
        assertFalse(message.contains("ended"), message);
    }

    @Test
    void an_endless_event_ends_the_stream() {
        engine.on(
                "/events",
                channel -> {
                    FakeEngine.write(channel, FakeEngine.CHUNKED + "2\r\n{\"\r\n");
                    byte[] more =
                            FakeEngine.chunk("{".repeat(1 << 16).getBytes(StandardCharsets.UTF_8));
                    while (true) {
                        FakeEngine.write(channel, more);
                    }
                });
        String message = fails(() -> client.events().read(() -> {}, _ -> {})).getMessage();
        assertTrue(message.contains("an event is larger than"), message);
    }
}
