package dev.sameport.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whatever is sent, the daemon answers with an error or closes, and goes on.
@Timeout(60)
final class HostileRequestTest {
    private static final String END = " HTTP/1.1\r\nHost: a\r\n\r\n";

    private final ScriptedControl control = new ScriptedControl();
    private final Path socket;
    private final AdminServer server;

    HostileRequestTest(@TempDir Path directory) {
        this.socket = directory.resolve("admin.sock");
        this.server = AdminServer.start(socket, control, Duration.ofMillis(500));
    }

    @AfterEach
    void it_lives_on_and_was_told_nothing() {
        assertEquals("sameport 0.0.0\n", new AdminClient(socket).get("/v1/version"));
        assertTrue(control.told.isEmpty(), control.told::toString);
        server.close();
    }

    private String answerTo(String bytes) throws IOException {
        try (RawClient client = new RawClient(socket)) {
            return client.send(bytes).rest();
        }
    }

    private void assertStatus(int status, String request) throws IOException {
        String answer = answerTo(request);
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), () -> "answer: " + answer);
        assertTrue(answer.contains("Connection: close\r\n"), answer);
    }

    @ParameterizedTest
    @CsvSource({
        "404, GET, /",
        "404, GET, /v1",
        "404, GET, /v1/nothing",
        "404, GET, /v1/services/../services",
        "404, GET, /v1/services?color=2",
        "404, POST, /v1/services",
        "404, GET, http://other/v1/services",
        "405, DELETE, /v1/services",
        "405, BREW, /v1/services",
        "400, GET, /v1/explain/",
        "400, GET, /v1/explain/%",
        "400, GET, /v1/explain/%zz",
        "400, GET, /v1/explain/nobody",
        "400, POST, /v1/publish",
        "400, POST, /v1/unpublish",
        "400, POST, /v1/run",
        "400, POST, /v1/run/attached",
        "400, POST, /v1/scale"
    })
    void a_request_for_what_there_is_not(int status, String method, String target)
            throws IOException {
        assertStatus(status, method + " " + target + END);
    }

    @ParameterizedTest
    @CsvSource({
        "name=web&scale=-1",
        "name=web&scale=1e9",
        "name=web&scale=99999999999999999999",
        "name=web&name=other&scale=1",
        "scale=1",
        "novalue",
        "%=1",
        "name=%zz&scale=1"
    })
    void an_order_with_fields_that_are_off(String body) throws IOException {
        assertStatus(400, post("/v1/scale", body));
    }

    private static String post(String path, String body) {
        return "POST "
                + path
                + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body;
    }

    @Test
    void what_is_not_http() throws IOException {
        assertStatus(400, "hello\r\n\r\n");
        assertStatus(400, "GET /v1/services HTTP/9.9.9\r\n\r\n");
        assertStatus(400, "GET /v1/services HTTP/1.1\r\nContent-Length: -5\r\n\r\n");
        assertStatus(
                400, "POST /v1/scale HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n");
    }

    @Test
    void a_first_line_that_is_too_long() throws IOException {
        assertStatus(414, "GET /" + "a".repeat(10_000) + END);
    }

    @Test
    void headers_that_are_too_long() throws IOException {
        assertStatus(431, "GET /v1/services HTTP/1.1\r\nA: " + "b".repeat(10_000) + "\r\n\r\n");
        assertStatus(
                431, "GET /v1/services HTTP/1.1\r\n" + "A: bcdefghij\r\n".repeat(1_000) + "\r\n");
    }

    @Test
    void a_body_that_is_too_large_is_refused_before_it_has_come() throws IOException {
        assertStatus(413, "POST /v1/scale HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n");
        assertStatus(413, "POST /v1/scale HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n");
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        assertStatus(
                413,
                "POST /v1/scale HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunk.repeat(17)
                        + "0\r\n\r\n");
    }

    @Test
    void half_a_request_is_closed_in_time() throws IOException {
        assertEquals("", answerTo(""));
        assertEquals("", answerTo("GET /v1/serv"));
        assertEquals("", answerTo("GET /v1/services HTTP/1.1\r\nHost: a\r\n"));
        assertEquals(
                "", answerTo("POST /v1/scale HTTP/1.1\r\nContent-Length: 100\r\n\r\nname=web"));
    }

    @Test
    void only_the_first_request_of_a_connection_counts() throws IOException {
        String answer = answerTo("GET /v1/version" + END + post("/v1/scale", "name=web&scale=1"));
        assertTrue(answer.endsWith("sameport 0.0.0\n"), answer);
    }

    @Test
    void who_comes_when_all_places_are_taken_is_told_so() throws Exception {
        List<RawClient> followers = new ArrayList<>();
        try {
            for (int i = 1; i <= 64; i++) {
                RawClient follower = new RawClient(socket);
                followers.add(follower.send("GET /v1/events/follow" + END));
                assertEquals(i, control.following.take());
            }
            assertStatus(503, "GET /v1/version" + END);
        } finally {
            for (RawClient follower : followers) {
                follower.close();
            }
        }
        while (control.following.take() > 0) {
            // Until the last place is free again.
        }
    }

    @Test
    void any_bytes_at_all() throws IOException {
        long seed = 20_260_102;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(1, 4_000)];
            random.nextBytes(bytes);
            // An end of a head, so that most are answered rather than waited for.
            bytes[bytes.length - 1] = '\n';
            try (RawClient client = new RawClient(socket)) {
                client.send(bytes).send("\r\n\r\n\r\n");
                int round = i;
                String answer = client.rest();
                assertTrue(
                        answer.isEmpty() || answer.matches("(?s)HTTP/1\\.1 4[0-9][0-9] .*"),
                        () -> "seed " + seed + " round " + round + ": " + answer);
            }
        }
    }
}
