package dev.sameport.plane.proxy.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sameport.plane.proxy.wire.ClientHello.Incomplete;
import dev.sameport.plane.proxy.wire.ClientHello.Named;
import dev.sameport.plane.proxy.wire.ClientHello.NotTls;
import dev.sameport.plane.proxy.wire.ClientHello.Outcome;
import dev.sameport.plane.proxy.wire.ClientHello.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientHelloTest {
    private static final int SERVER_NAME = 0;

    private static Outcome look(ByteBuf in) {
        return new ClientHello().look(in);
    }

    private static Outcome lookAtMessage(ByteBuf message) {
        return look(Hellos.records(message, 1 << 14));
    }

    /// What a client of the JDK sends first.
    private static ByteBuf ofTheJdk(String protocol, List<String> names) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("ignored", 1);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        parameters.setServerNames(names.stream().<SNIServerName>map(SNIHostName::new).toList());
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Unpooled.wrappedBuffer(out.flip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void the_name_that_a_client_of_the_jdk_asks_for_is_found(String protocol) throws Exception {
        assertEquals(
                new Named("db.example.com"), look(ofTheJdk(protocol, List.of("DB.example.com"))));
        assertEquals(new Named(null), look(ofTheJdk(protocol, List.of())));
    }

    @Test
    void a_name_is_found_however_the_message_is_cut_into_records_and_pieces() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            String name = "a".repeat(random.nextInt(1, 60)) + ".example";
            ByteBuf message = Hellos.message(Hellos.name(name), Hellos.extension(51, 40));
            ByteBuf in = Hellos.records(message, random.nextInt(1, 80));
            String what = "seed " + seed + " round " + round;
            ClientHello reader = new ClientHello();
            ByteBuf part = in.duplicate();
            for (int end = 0; end < in.writerIndex(); end++) {
                part.setIndex(0, end);
                assertInstanceOf(Incomplete.class, reader.look(part), what);
            }
            in.writeBytes(new byte[random.nextInt(5)]);
            assertEquals(new Named(name), reader.look(in), what);
            assertEquals(new Named(name), look(in), what);
            assertEquals(0, in.readerIndex(), what);
        }
    }

    @Test
    void a_message_without_extensions_names_nobody() {
        assertEquals(new Named(null), lookAtMessage(Hellos.withoutExtensions()));
        assertEquals(new Named(null), lookAtMessage(Hellos.message(Hellos.extension(51, 9))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\n\r\n", "\u0016\u0002", "SSH-2.0", "\u0015\u0003\u0003"})
    void what_does_not_begin_with_a_handshake_record_is_not_tls(String text) {
        assertEquals(new NotTls(), look(Unpooled.copiedBuffer(text, US_ASCII)));
    }

    @Test
    void a_record_of_another_type_amid_the_message_is_refused() {
        ByteBuf in = Hellos.records(Hellos.message(Hellos.name("a.b")), 30);
        in.setByte(35, 21);
        assertInstanceOf(Refused.class, look(in));
        in.setByte(35, 22).setByte(36, 4);
        assertInstanceOf(Refused.class, look(in));
    }

    @Test
    void records_and_messages_of_no_or_too_many_bytes_are_refused() {
        assertInstanceOf(Refused.class, look(Hellos.hex("1603010000")));
        assertInstanceOf(Refused.class, look(Hellos.hex("1603014001")));
        assertInstanceOf(Refused.class, look(Hellos.hex("1603010004 01004001")));
        assertInstanceOf(Refused.class, look(Hellos.hex("1603010004 02000001")));
        assertInstanceOf(Incomplete.class, look(Hellos.hex("1603010004 01004000")));
        // 5 bytes for each byte of the message: it is too long on the wire.
        ByteBuf wide = Hellos.records(Hellos.message(Hellos.extension(21, 5_000)), 1);
        assertInstanceOf(Refused.class, look(wide));
        ByteBuf nearly = wide.slice(0, ClientHello.MOST_BYTES - 1);
        assertInstanceOf(Incomplete.class, look(nearly));
        assertInstanceOf(Refused.class, look(wide.slice(0, ClientHello.MOST_BYTES)));
    }

    @Test
    void the_longest_message_is_read() {
        int rest =
                Hellos.message(Hellos.name("long.example"), Hellos.extension(21, 0))
                        .readableBytes();
        ByteBuf message =
                Hellos.message(
                        Hellos.extension(21, ClientHello.MOST_MESSAGE + 4 - rest),
                        Hellos.name("long.example"));
        assertEquals(new Named("long.example"), lookAtMessage(message));
    }

    @Test
    void a_message_that_is_cut_off_anywhere_inside_is_refused() {
        ByteBuf message = Hellos.message(Hellos.name("a.example"), Hellos.extension(51, 3));
        int size = message.readableBytes() - 4;
        for (int shorter = 0; shorter < size; shorter++) {
            ByteBuf cut = message.copy(0, 4 + shorter);
            cut.setMedium(1, shorter);
            Outcome outcome = lookAtMessage(cut);
            if (shorter == Hellos.withoutExtensions().readableBytes() - 4) {
                assertEquals(new Named(null), outcome);
            } else {
                assertInstanceOf(Refused.class, outcome, "cut to " + shorter);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", ".a", "a.", "a..b", "a b", "a/b", "a:1", "*", "\u00e9", "a\u0000b"})
    void a_name_that_is_no_host_name_is_refused(String name) {
        assertInstanceOf(Refused.class, lookAtMessage(Hellos.message(Hellos.name(name))));
    }

    @Test
    void a_name_longer_than_names_are_is_refused() {
        String longest = "a".repeat(250) + ".bc";
        assertEquals(new Named(longest), lookAtMessage(Hellos.message(Hellos.name(longest))));
        assertInstanceOf(Refused.class, lookAtMessage(Hellos.message(Hellos.name("a" + longest))));
    }

    @Test
    void server_name_lists_that_are_not_one_host_name_are_refused() {
        for (String body :
                List.of(
                        "",
                        "0000",
                        "0003 00 0000",
                        "0004 01 0001 61", // of another type
                        "0005 00 0001 61", // longer than it is
                        "0004 00 0002 61",
                        "0004 00 0001 61 00", // bytes after it
                        "0008 00 0001 61 00 0001 62")) { // two names
            ByteBuf extension = Hellos.extension(SERVER_NAME, Hellos.hex(body));
            assertInstanceOf(Refused.class, lookAtMessage(Hellos.message(extension)), body);
        }
        ByteBuf twice = Hellos.message(Hellos.name("a.b"), Hellos.name("a.b"));
        assertInstanceOf(Refused.class, lookAtMessage(twice));
    }
}
