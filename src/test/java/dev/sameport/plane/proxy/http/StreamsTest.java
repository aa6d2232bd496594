package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.plane.proxy.http.TestHttp.Answer;
import dev.sameport.plane.proxy.http.TestHttp.Client;
import dev.sameport.plane.proxy.l4.Until;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Bodies that are long, early, late or cut off, and connections that become something else.
class StreamsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final int MUCH = 64 << 20;

    @Test
    void a_long_answer_waits_for_a_client_that_reads_slowly_and_arrives_whole() throws Exception {
        try (Origins origin =
                        new Origins((_, socket) -> {
                            OutputStream out = socket.getOutputStream();
                            out.write(
                                    TestBytes.of(
                                            "HTTP/1.1 200 OK\r\nContent-Length: "
                                                    + MUCH
                                                    + "\r\n\r\n"));
                            for (int i = 0; i < MUCH / (1 << 16); i++) {
                                out.write(new byte[1 << 16]);
                            }
                            return "";
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send(GET);
            client.head();
            assertEquals(MUCH, client.in().readNBytes(MUCH).length);
            client.send(GET);
            client.head();
            assertEquals(MUCH, client.in().readNBytes(MUCH).length);
        }
    }

    @Test
    void a_long_upload_arrives_whole() throws Exception {
        try (Origins origin =
                        new Origins((head, socket) -> {
                            int length = Integer.parseInt(Origins.field(head, "Content-Length"));
                            return Origins.ok(
                                    "" + socket.getInputStream().readNBytes(length).length);
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: " + MUCH + "\r\n\r\n");
                for (int sent = 0; sent < MUCH; sent += 1 << 16) {
                    client.socket().getOutputStream().write(new byte[1 << 16]);
                }
                assertEquals("" + MUCH, client.answer().body());
            }
        }
    }

    @Test
    void an_answer_before_the_request_has_ended_reaches_the_client() throws Exception {
        try (Origins origin =
                        new Origins((_, socket) -> {
                            socket.getOutputStream()
                                    .write(
                                            TestBytes.of(
                                                    "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig"));
                            return null;
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9000000\r\n\r\n");
            Thread.ofVirtual().start(() -> upload(client));
            Answer answer = client.answer();
            assertEquals(413, answer.status());
            assertEquals("big", answer.body());
        }
    }

    @Test
    void a_truncated_answer_is_never_ended_in_order() throws Exception {
        try (Origins origin =
                        new Origins((_, socket) -> {
                            socket.getOutputStream()
                                    .write(
                                            TestBytes.of(
                                                    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"));
                            return null;
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send(GET);
            client.head();
            assertThrows(SocketException.class, client::rest);
        }
    }

    @Test
    void a_chunked_answer_that_breaks_off_is_never_ended_in_order() throws Exception {
        try (Origins origin =
                        new Origins((_, socket) -> {
                            socket.getOutputStream()
                                    .write(
                                            TestBytes.of(
                                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"));
                            return null;
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send(GET);
            client.head();
            assertThrows(SocketException.class, client::rest);
        }
    }

    @Test
    void events_arrive_one_by_one() throws Exception {
        CompletableFuture<Void> first = new CompletableFuture<>();
        try (Origins origin =
                        new Origins((_, socket) -> {
                            OutputStream out = socket.getOutputStream();
                            out.write(
                                    TestBytes.of(
                                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n"));
                            first.get(20, TimeUnit.SECONDS);
                            out.write(TestBytes.of("data: 2\n\n"));
                            return null;
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\n\r\n");
            client.head();
            assertEquals("9\r\ndata: 1\n\n\r\n", text(client.in(), 14));
            first.complete(null);
            assertEquals("9\r\ndata: 2\n\n\r\n", text(client.in(), 14));
        }
    }

    @Test
    void an_upgraded_connection_carries_anything_both_ways() throws Exception {
        try (Origins origin =
                        new Origins((head, socket) -> {
                            assertEquals("upgrade", Origins.field(head, "Connection"));
                            socket.getOutputStream()
                                    .write(
                                            TestBytes.of(
                                                    "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhi"));
                            socket.getInputStream().transferTo(socket.getOutputStream());
                            return null;
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nearly");
            String head = client.head();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertEquals("echo", Origins.field(head, "Upgrade"));
            assertEquals("hiearly", text(client.in(), 7));
            client.send("\0\r\n\r\nlate");
            assertEquals("\0\r\n\r\nlate", text(client.in(), 9));
            client.socket().shutdownOutput();
            assertEquals("", client.rest());
        }
    }

    @Test
    void an_upgrade_that_nobody_asked_for_is_a_502() throws Exception {
        try (Origins origin =
                        new Origins((_, _) -> "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n");
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send(GET);
            assertEquals(502, client.answer().status());
        }
    }

    @Test
    void who_waits_for_a_100_gets_it_before_the_body() throws Exception {
        try (Origins origin =
                        new Origins((head, socket) -> {
                            assertEquals("100-continue", Origins.field(head, "Expect"));
                            socket.getOutputStream()
                                    .write(TestBytes.of("HTTP/1.1 100 Continue\r\n\r\n"));
                            return Origins.ok(
                                    new String(socket.getInputStream().readNBytes(4), ISO_8859_1));
                        });
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send(
                    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", client.head());
            client.send("body");
            assertEquals("body", client.answer().body());
        }
    }

    @Test
    void an_answer_to_head_has_no_body_and_the_connection_goes_on() throws Exception {
        try (Origins origin =
                        new Origins((head, _) ->
                                head.startsWith("HEAD")
                                        ? "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
                                        : Origins.ok("next"));
                TestHttp http = TestHttp.serving(origin);
                Client client = http.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals("99", Origins.field(client.head(), "Content-Length"));
            client.send(GET);
            assertEquals("next", client.answer().body());
            assertEquals(1, origin.server.accepted.get());
        }
    }

    @Test
    void a_client_that_leaves_ends_the_request_to_the_endpoint() throws Exception {
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        try (Origins origin =
                        new Origins((_, socket) -> {
                            seen.complete(socket.getInputStream().read());
                            return null;
                        });
                TestHttp http = TestHttp.serving(origin)) {
            try (Client client = http.connect()) {
                client.send(GET);
                Until.holds("the request is there", () -> origin.heads.size() == 1);
            }
            assertEquals(-1, seen.get(20, TimeUnit.SECONDS));
        }
    }

    private static void upload(Client client) {
        try {
            for (int sent = 0; sent < 9_000_000; sent += 1000) {
                client.socket().getOutputStream().write(new byte[1000]);
            }
        } catch (IOException _) {
            // Nobody wanted it.
        }
    }

    private static String text(InputStream in, int bytes) throws Exception {
        return new String(in.readNBytes(bytes), ISO_8859_1);
    }
}
