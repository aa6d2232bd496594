package dev.sameport.plane.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.plane.proxy.http.TestHttp.Answer;
import dev.sameport.plane.proxy.http.TestHttp.Client;
import dev.sameport.plane.proxy.l4.Until;
import dev.sameport.plane.proxy.l4.Wanted;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExchangeTest {
    private static final String GET = "GET /a?b=c HTTP/1.1\r\nHost: example.org\r\n\r\n";

    @Test
    void a_request_reaches_the_endpoint_and_its_answer_comes_back() throws Exception {
        try (Origins origin = Origins.saying("hello");
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send(GET);
            Answer answer = client.answer();
            assertEquals(200, answer.status());
            assertEquals("hello", answer.body());
            assertNotEquals("", answer.field("Date"));
            String head = origin.heads.remove();
            assertTrue(head.startsWith("GET /a?b=c HTTP/1.1\r\nHost: example.org\r\n"), head);
            assertEquals("127.0.0.1", Origins.field(head, "X-Forwarded-For"));
            assertEquals("http", Origins.field(head, "X-Forwarded-Proto"));
            assertEquals("example.org", Origins.field(head, "X-Forwarded-Host"));
            assertEquals(
                    "for=127.0.0.1;host=\"example.org\";proto=http",
                    Origins.field(head, "Forwarded"));
            assertEquals(32, Origins.field(head, "X-Request-Id").length());
        }
    }

    @Test
    void one_connection_carries_many_requests_and_so_does_the_one_to_the_endpoint()
            throws Exception {
        try (Origins origin = Origins.saying("hello");
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                client.send(GET);
                assertEquals("hello", client.answer().body());
                ids.add(Origins.field(origin.heads.remove(), "X-Request-Id"));
            }
            assertEquals(50, ids.size());
            assertEquals(1, origin.server.accepted.get());
        }
    }

    @Test
    void requests_that_come_together_are_answered_in_order() throws Exception {
        try (Origins origin = new Origins((head, _) -> Origins.ok(head.substring(5, 6)));
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 9; i++) {
                all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: h\r\n\r\n");
            }
            client.send(all.toString());
            for (int i = 0; i < 9; i++) {
                assertEquals(Integer.toString(i), client.answer().body());
            }
        }
    }

    @Test
    void an_endpoint_that_closed_its_idle_connection_costs_no_request() throws Exception {
        try (Origins origin =
                        new Origins((head, socket) -> {
                            socket.getOutputStream().write(TestBytes.of(Origins.ok("once")));
                            return null;
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            for (int i = 0; i < 200; i++) {
                client.send(GET);
                assertEquals("once", client.answer().body());
            }
        }
    }

    @Test
    void a_post_on_a_connection_that_breaks_is_not_repeated() throws Exception {
        try (Origins origin = new Origins((_, _) -> null);
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            assertEquals(502, client.answer().status());
            assertEquals(1, origin.heads.size());
        }
    }

    @Test
    void a_get_on_a_connection_that_breaks_goes_to_another_endpoint() throws Exception {
        try (Origins bad = new Origins((_, _) -> null);
                Origins good = Origins.saying("good");
                TestHttp http = TestHttp.serving(bad, good)) {
            for (int i = 0; i < 20; i++) {
                try (Client client = http.connect()) {
                    client.send(GET);
                    assertEquals("good", client.answer().body());
                }
            }
            assertNotEquals(0, bad.heads.size());
        }
    }

    @Test
    void bodies_pass_both_ways_however_they_are_framed() throws Exception {
        try (Origins origin =
                        new Origins((head, socket) -> {
                            String body = TestBytes.body(head, socket.getInputStream());
                            return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + Integer.toHexString(body.length())
                                    + ";ext=1\r\n"
                                    + body
                                    + "\r\n0\r\nX-Sum: "
                                    + body.length()
                                    + "\r\n\r\n";
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcde");
            String head = client.head();
            assertEquals("chunked", Origins.field(head, "Transfer-Encoding"));
            assertEquals("abcde", TestBytes.body(head, client.in()));
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
            client.send("3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n0\r\n\r\n");
            head = client.head();
            assertEquals("abc0123456789abcdef", TestBytes.body(head, client.in()));
        }
    }

    @Test
    void an_old_client_gets_no_chunks_and_the_end_of_the_connection() throws Exception {
        try (Origins origin =
                        new Origins((_, _) ->
                                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            String head = client.head();
            assertEquals("close", Origins.field(head, "Connection"));
            assertEquals("abc", client.rest());
        }
    }

    @Test
    void an_answer_that_ends_with_the_connection_becomes_chunked() throws Exception {
        try (Origins origin =
                        new Origins((_, socket) -> {
                            socket.getOutputStream()
                                    .write(
                                            TestBytes.of(
                                                    "HTTP/1.0 200 OK\r\nServer: old\r\n\r\nall of it"));
                            return null;
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(GET);
                String head = client.head();
                assertEquals("HTTP/1.1 200 OK", head.lines().findFirst().orElseThrow());
                assertEquals("all of it", TestBytes.body(head, client.in()));
            }
        }
    }

    @Test
    void what_is_ambiguous_is_refused_and_never_forwarded() throws Exception {
        try (Origins origin = Origins.saying("hello");
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
            Answer answer = client.answer();
            assertEquals(400, answer.status());
            assertEquals("close", answer.field("Connection"));
            assertEquals("", client.rest());
            assertEquals(0, origin.heads.size());
        }
    }

    @Test
    void without_an_endpoint_a_request_waits_for_one() throws Exception {
        try (Origins origin = Origins.saying("hello");
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            http.apply(Wanted.holding(http.published, Duration.ofSeconds(5)));
            client.send(GET);
            Until.holds("it waits", () -> http.http.held() == 1);
            http.toward(origin);
            assertEquals("hello", client.answer().body());
        }
    }
}
