package dev.sameport.plane.proxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.sameport.model.ProxyVersion;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Incomplete;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Outcome;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Proxied;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Refused;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Unproxied;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyProtocolTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static ByteBuf hex(String digits) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(digits.replace(" ", "")));
    }

    private static void assertRead(Outcome expected, ByteBuf in, String rest) {
        assertEquals(expected, ProxyProtocol.read(in));
        assertEquals(rest, in.toString(ISO_8859_1));
    }

    @Test
    void a_line_of_text_names_both_addresses() {
        assertRead(
                new Proxied(at("192.168.0.1", 56_324), at("10.0.0.255", 443)),
                text("PROXY TCP4 192.168.0.1 10.0.0.255 56324 443\r\nGET / HTTP/1.1\r\n"),
                "GET / HTTP/1.1\r\n");
        assertRead(
                new Proxied(at("2001:db8::1", 0), at("::1", 65_535)),
                text("PROXY TCP6 2001:DB8::1 0:0:0:0:0:0:0:1 0 65535\r\n"),
                "");
    }

    @Test
    void text_about_an_unknown_connection_says_nothing_else() {
        assertRead(new Unproxied(), text("PROXY UNKNOWN\r\nrest"), "rest");
        String longest = "PROXY UNKNOWN " + "f".repeat(ProxyProtocol.MOST_TEXT - 16) + "\r\n";
        assertEquals(ProxyProtocol.MOST_TEXT, longest.length());
        assertRead(new Unproxied(), text(longest + "rest"), "rest");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXX",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\rX",
                "PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 -1 2\r\n",
                "PROXY TCP4 1.2.3.256 5.6.7.8 1 2\r\n",
                "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n",
                "PROXY TCP4 01.2.3.4 5.6.7.8 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 1.2.3.4 ::1 1 2\r\n",
                "PROXY TCP6 fe80::1%1 ::1 1 2\r\n",
                "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 1 2\r\n",
                "PROXY TCP6 [::1] ::1 1 2\r\n",
                "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY unknown\r\n",
                "PROXY \r\n",
                "proxy UNKNOWN\r\n",
                "PROXY UNKNOWN\t\r\n",
                "PROXY UNKNOWN \u00e9\r\n",
            })
    void other_text_is_refused_and_stays_where_it_is(String other) {
        ByteBuf in = text(other);
        assertInstanceOf(Refused.class, ProxyProtocol.read(in));
        assertEquals(0, in.readerIndex());
    }

    @Test
    void a_line_without_an_end_is_refused_when_it_is_too_long() {
        String endless = "PROXY UNKNOWN " + "f".repeat(200);
        assertInstanceOf(Incomplete.class, ProxyProtocol.read(text(endless.substring(0, 106))));
        assertInstanceOf(Refused.class, ProxyProtocol.read(text(endless.substring(0, 107))));
        assertInstanceOf(Refused.class, ProxyProtocol.read(text(endless + "\r\n")));
    }

    @Test
    void bytes_name_both_addresses_and_what_follows_them_is_passed_over() {
        assertRead(
                new Proxied(at("192.168.0.1", 56_324), at("10.0.0.255", 443)),
                hex(SIGNATURE + "21 11 000c c0a80001 0a0000ff dc04 01bb 7265"),
                "re");
        assertRead(
                new Proxied(at("2001:db8::1", 1), at("::1", 2)),
                hex(
                        SIGNATURE
                                + "21 21 0029 20010db8000000000000000000000001"
                                + "00000000000000000000000000000001 0001 0002 04 0002 abcd 72"),
                "r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20 00 0000",
                "20 11 0000",
                "20 11 0003 010203",
                "21 00 0004 01020304",
                "21 12 000c 0102030401020304 0001 0002",
                "21 31 0000",
            })
    void bytes_that_name_no_tcp_addresses_leave_the_real_ones(String rest) {
        assertRead(new Unproxied(), hex(SIGNATURE + rest + "72"), "r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0d0a0d0a000d0a515549540b",
                "00",
                SIGNATURE + "11",
                SIGNATURE + "22",
                SIGNATURE + "31",
                SIGNATURE + "21 10",
                SIGNATURE + "21 13",
                SIGNATURE + "21 41",
                SIGNATURE + "20 ff",
                SIGNATURE + "21 11 000b 0102030401020304 0001 00",
                SIGNATURE + "21 21 000c 0102030401020304 0001 0002",
                SIGNATURE + "21 11 4000",
            })
    void other_bytes_are_refused(String digits) {
        ByteBuf in = hex(digits);
        assertInstanceOf(Refused.class, ProxyProtocol.read(in));
        assertEquals(0, in.readerIndex());
    }

    @Test
    void what_is_written_is_what_the_specification_shows() {
        ByteBuf out = Unpooled.buffer();
        ProxyProtocol.write(ProxyVersion.V1, at("255.0.10.9", 65_535), at("1.2.3.100", 0), out);
        assertEquals("PROXY TCP4 255.0.10.9 1.2.3.100 65535 0\r\n", out.toString(ISO_8859_1));
        out.clear();
        ProxyProtocol.write(ProxyVersion.V1, at("2001:db8::a0", 100), at("10.0.0.1", 20), out);
        assertEquals(
                "PROXY TCP6 2001:db8:0:0:0:0:0:a0 ::ffff:10.0.0.1 100 20\r\n",
                out.toString(ISO_8859_1));
        out.clear();
        ProxyProtocol.write(ProxyVersion.V2, at("192.168.0.1", 56_324), at("10.0.0.255", 443), out);
        assertEquals(SIGNATURE + "2111000cc0a800010a0000ffdc0401bb", ByteBufUtil.hexDump(out));
        out.clear();
        ProxyProtocol.write(ProxyVersion.V2, at("2001:db8::1", 1), at("10.0.0.1", 2), out);
        assertEquals(
                SIGNATURE
                        + "21210024"
                        + "20010db8000000000000000000000001"
                        + "00000000000000000000ffff0a000001"
                        + "00010002",
                ByteBufUtil.hexDump(out));
    }

    @Test
    void what_is_written_is_read_however_it_is_cut() throws Exception {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            InetSocketAddress source = anyAddress(random);
            InetSocketAddress destination = anyAddress(random);
            for (ProxyVersion version : ProxyVersion.values()) {
                ByteBuf out = Unpooled.buffer();
                ProxyProtocol.write(version, source, destination, out);
                String what = "seed " + seed + " round " + round + " " + version;
                ByteBuf part = out.duplicate();
                for (int end = 0; end < out.writerIndex(); end++) {
                    part.setIndex(0, end);
                    assertInstanceOf(Incomplete.class, ProxyProtocol.read(part), what);
                    assertEquals(0, part.readerIndex(), what);
                }
                assertEquals(new Proxied(source, destination), ProxyProtocol.read(out), what);
                assertEquals(0, out.readableBytes(), what);
            }
        }
    }

    private static InetSocketAddress anyAddress(SplittableRandom random)
            throws UnknownHostException {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        for (int zero = random.nextInt(bytes.length); zero > 0; zero--) {
            bytes[random.nextInt(bytes.length)] = 0;
        }
        return new InetSocketAddress(InetAddress.getByAddress(bytes), random.nextInt(65_536));
    }
}
