package dev.sameport.plane.proxy.http.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeadTest {
    static List<Corpus> requests() {
        return Corpus.requests();
    }

    static List<Corpus> answers() {
        return Corpus.answers();
    }

    static List<Corpus> chunks() {
        return Corpus.chunks();
    }

    @Test
    void the_corpus_is_as_large_as_promised() {
        assertTrue(requests().stream().filter(each -> !each.isValid()).count() >= 150);
        assertTrue(requests().stream().filter(Corpus::isValid).count() >= 40);
        assertTrue(answers().stream().filter(each -> !each.isValid()).count() >= 40);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void a_request_is_judged_as_the_corpus_says_whole_and_in_pieces(Corpus request) {
        Head head = new Head();
        assertEquals(
                request.expected(), judge(head, request.bytes(), request.bytes().length, false));
        // The same head again, byte by byte: nothing is left of the first reading.
        head.reset();
        assertEquals(request.expected(), judge(head, request.bytes(), 1, false));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void an_answer_is_judged_as_the_corpus_says_whole_and_in_pieces(Corpus answer) {
        Head head = new Head();
        assertEquals(answer.expected(), judge(head, answer.bytes(), answer.bytes().length, true));
        head.reset();
        assertEquals(answer.expected(), judge(head, answer.bytes(), 1, true));
    }

    private static String judge(Head head, byte[] bytes, int step, boolean answer) {
        ByteBuf in = Unpooled.buffer();
        int taken = 0;
        for (int at = 0; at < bytes.length && taken == 0; at += step) {
            in.writeBytes(bytes, at, Math.min(step, bytes.length - at));
            int before = in.readerIndex();
            taken =
                    answer
                            ? head.readAnswer(in, Limits.ANSWER, Method.GET)
                            : head.read(in, Limits.REQUEST);
            assertEquals(Math.max(taken, 0), in.readerIndex() - before);
        }
        if (taken > 0) {
            return "ok";
        }
        return taken == 0 ? "incomplete" : String.valueOf(head.fault());
    }

    @ParameterizedTest
    @MethodSource("chunks")
    void a_chunked_body_is_judged_as_the_corpus_says_whole_and_in_pieces(Corpus body) {
        ChunkReader reader = new ChunkReader();
        assertEquals(body.expected(), unchunk(reader, body.bytes(), body.bytes().length));
        reader.reset();
        assertEquals(body.expected(), unchunk(reader, body.bytes(), 1));
    }

    private static String unchunk(ChunkReader reader, byte[] bytes, int step) {
        ByteBuf in = Unpooled.buffer();
        StringBuilder data = new StringBuilder();
        for (int at = 0; at < bytes.length; at += step) {
            in.writeBytes(bytes, at, Math.min(step, bytes.length - at));
            int taken = reader.step(in);
            while (taken > 0) {
                data.append(in.readCharSequence(taken, ISO_8859_1));
                taken = reader.step(in);
            }
            if (taken == ChunkReader.END) {
                return "ok " + data;
            }
            if (taken == ChunkReader.REFUSED) {
                return String.valueOf(reader.fault());
            }
        }
        return "incomplete";
    }

    @Test
    void what_is_for_the_next_hop_only_is_left_out_and_the_rest_is_as_it_was() {
        Head head =
                read(
                        """
                        GET /a?b HTTP/1.1
                        Host: h
                        Connection: close, X-Drop, upgrade
                        X-Keep:  two  words\s
                        x-drop: 1
                        Keep-Alive: timeout=5
                        Upgrade: websocket
                        TE: trailers
                        Proxy-Connection: x
                        HTTP2-Settings: AAA
                        Transfer-Encoding: chunked
                        Cookie: a=b
                        """);
        head.dropHopByHop(true);
        assertEquals(
                """
                GET /a?b HTTP/1.1
                Host: h
                X-Keep:  two  words\s
                Upgrade: websocket
                Cookie: a=b
                """,
                written(head));
    }

    @Test
    void an_upgrade_to_h2c_is_left_out() {
        Head head = read("GET / HTTP/1.1\nHost: h\nConnection: upgrade\nUpgrade: h2c\n");
        head.dropHopByHop(true);
        assertEquals(-1, head.upgradeField());
        assertEquals("GET / HTTP/1.1\nHost: h\n", written(head));
    }

    @Test
    void an_absolute_target_goes_on_as_a_path() {
        assertEquals(
                "GET /a?b HTTP/1.1\nHost: h\n",
                written(read("GET http://h/a?b HTTP/1.1\nHost: h\n")));
        assertEquals(
                "GET /?b HTTP/1.1\nHost: h\n", written(read("GET http://h?b HTTP/1.1\nHost: h\n")));
        assertEquals(
                "GET / HTTP/1.1\nHost: h\n", written(read("GET http://h HTTP/1.1\nHost: h\n")));
        assertEquals("GET /x HTTP/1.1\n", written(read("GET /x HTTP/1.0\n")));
    }

    @Test
    void limits_are_kept_as_soon_as_they_are_passed() {
        Limits tight = new Limits(300, 3, 40);
        assertEquals(Fault.LINE_TOO_LONG, fault("GET /" + "a".repeat(60), tight));
        assertEquals(Fault.HEAD_TOO_LARGE, fault("GET / HTTP/1.1\r\nA: " + "b".repeat(400), tight));
        assertEquals(
                Fault.TOO_MANY_FIELDS,
                fault("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n", tight));
    }

    @Test
    void answers_are_framed_as_the_rfc_says() {
        assertEquals(Framing.UNTIL_CLOSE, framing("HTTP/1.1 200 OK\n", Method.GET));
        assertEquals(Framing.LENGTH, framing("HTTP/1.1 200 OK\nContent-Length: 5\n", Method.GET));
        assertEquals(Framing.NONE, framing("HTTP/1.1 200 OK\nContent-Length: 5\n", Method.HEAD));
        assertEquals(Framing.NONE, framing("HTTP/1.1 204 No\nContent-Length: 5\n", Method.GET));
        assertEquals(Framing.NONE, framing("HTTP/1.1 304 No\nContent-Length: 5\n", Method.GET));
        assertEquals(
                Framing.CHUNKED,
                framing("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", Method.GET));
    }

    @Test
    void whatever_the_bytes_pieces_and_whole_are_judged_alike() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        List<Corpus> seeds = requests();
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).bytes().clone();
            for (int i = random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Head head = new Head();
            String whole = judge(head, bytes, bytes.length, false);
            head.reset();
            String pieces = judge(head, bytes, 1 + random.nextInt(9), false);
            // In pieces a fault may show before the head would have been complete; never otherwise.
            assertEquals(
                    whole, pieces, () -> "seed " + seed + ": " + new String(bytes, ISO_8859_1));
        }
    }

    private static Head read(String lines) {
        Head head = new Head();
        ByteBuf in = Unpooled.copiedBuffer(lines.replace("\n", "\r\n") + "\r\n", ISO_8859_1);
        assertTrue(head.read(in, Limits.REQUEST) > 0, () -> lines + head);
        return head;
    }

    private static String written(Head head) {
        ByteBuf out = Unpooled.buffer();
        head.writeStartLine(out);
        head.writeFields(out);
        return out.toString(ISO_8859_1).replace("\r\n", "\n");
    }

    private static Fault fault(String text, Limits limits) {
        Head head = new Head();
        assertTrue(head.read(Unpooled.copiedBuffer(text, ISO_8859_1), limits) < 0, text);
        return head.fault();
    }

    private static Framing framing(String lines, Method asked) {
        Head head = new Head();
        ByteBuf in = Unpooled.copiedBuffer(lines.replace("\n", "\r\n") + "\r\n", ISO_8859_1);
        assertTrue(head.readAnswer(in, Limits.ANSWER, asked) > 0, lines);
        return head.framing();
    }
}
