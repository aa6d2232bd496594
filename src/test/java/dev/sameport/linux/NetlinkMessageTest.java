package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class NetlinkMessageTest {
    private static final int ROUNDS = 40_000;

    /// What is read of a message anywhere in this package.
    private static final List<Consumer<NetlinkMessage>> READERS =
            List.of(
                    message -> message.errorText(),
                    message -> message.fixed(16),
                    message -> readAll(message.attributes(0)),
                    message -> readAll(message.attributes(7)),
                    message -> readAll(message.attributes(16)),
                    RouteMessage::defaultRoutesOf,
                    FlowMessage::of);

    @Test
    void a_message_reads_back_as_it_was_written() throws Exception {
        byte[] address = InetAddress.getByName("fd00::7").getAddress();
        byte[] bytes =
                NetlinkRequest.dump(22)
                        .u8(10)
                        .zeros(7)
                        .attribute(1, address)
                        .attributeU8(2, 200)
                        .attributeU16BigEndian(3, 40_000)
                        .attributeU32(4, -5)
                        .attributeU32BigEndian(5, 0x5a000001)
                        .nested(
                                6,
                                within ->
                                        within.attribute(
                                                1, "veth\0".getBytes(StandardCharsets.UTF_8)))
                        .attribute(7, new byte[300])
                        .encode(99);

        List<NetlinkMessage> messages = NetlinkMessage.parse(bytes);

        NetlinkMessage message = messages.getFirst();
        NetlinkAttributes attributes = message.attributes(8);
        assertEquals(1, messages.size());
        assertEquals(22, message.type());
        assertEquals(99, message.sequence());
        assertEquals(10, message.fixed(8).get(0));
        assertEquals(InetAddress.getByName("fd00::7"), attributes.address(1).orElseThrow());
        assertEquals(200, attributes.u8(2, 0));
        assertEquals(40_000, attributes.u16BigEndian(3, 0));
        assertEquals(-5, attributes.u32(4, 0));
        assertEquals(0x5a000001, attributes.u32BigEndian(5, 0));
        assertEquals("veth", attributes.nested(6).text(1));
        assertEquals(300, attributes.bytes(7).length);
        assertEquals(8, attributes.u8(8, 8));
    }

    @Test
    void a_length_that_is_too_short_or_too_long_is_a_bad_message() {
        for (int length : new int[] {0, 15, 17 + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            byte[] datagram = header(length, 16);

            LinuxException failure =
                    assertThrows(
                            LinuxException.class,
                            () -> NetlinkMessage.parse(datagram),
                            "" + length);

            assertEquals("EBADMSG", failure.errorName());
        }
    }

    @Test
    void hostile_bytes_end_in_messages_or_in_a_bad_message() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] datagram = round % 2 == 0 ? noise(random) : corrupted(random);
            refused += readEverything(datagram, "seed " + seed + " round " + round);
        }
        // Neither all good nor all bad, else the bytes weren't what this test is about.
        assertTrue(refused > ROUNDS / 10, () -> "seed " + seed);
        assertTrue(refused < ROUNDS * READERS.size(), () -> "seed " + seed);
    }

    private static int readEverything(byte[] datagram, String what) {
        int refused = 0;
        List<NetlinkMessage> messages = List.of();
        try {
            messages = NetlinkMessage.parse(datagram);
        } catch (LinuxException failure) {
            assertEquals("EBADMSG", failure.errorName(), what);
            refused++;
        } catch (RuntimeException failure) {
            throw new AssertionError(what + ": " + Arrays.toString(datagram), failure);
        }
        for (NetlinkMessage message : messages) {
            for (Consumer<NetlinkMessage> reader : READERS) {
                try {
                    reader.accept(message);
                } catch (LinuxException failure) {
                    assertEquals("EBADMSG", failure.errorName(), what);
                    refused++;
                } catch (RuntimeException failure) {
                    throw new AssertionError(what + ": " + Arrays.toString(datagram), failure);
                }
            }
        }
        return refused;
    }

    private static void readAll(NetlinkAttributes attributes) {
        for (int type = 0; type < 40; type++) {
            var _ = attributes.text(type);
            var _ = attributes.bytes(type);
            readAllOnce(attributes.nested(type));
        }
        for (int type = 0; type < 40; type++) {
            var _ = attributes.u8(type, 0);
            var _ = attributes.u16BigEndian(type, 0);
            var _ = attributes.u32(type, 0);
            var _ = attributes.address(type);
        }
    }

    private static void readAllOnce(NetlinkAttributes attributes) {
        for (int type = 0; type < 40; type++) {
            var _ = attributes.text(type);
        }
    }

    private static byte[] noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        if (bytes.length >= 16) {
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.nativeOrder())
                    .putInt(0, 16 + random.nextInt(bytes.length));
        }
        return bytes;
    }

    /// A flow, a route or an error, a few bytes of which are wrong, and perhaps cut short.
    private static byte[] corrupted(SplittableRandom random) {
        byte[] bytes = valid(random).encode(random.nextInt());
        for (int change = random.nextInt(6); change > 0; change--) {
            bytes[random.nextInt(bytes.length)] =
                    (byte) random.nextInt(random.nextBoolean() ? 256 : 32);
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private static NetlinkRequest valid(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 ->
                    NetlinkRequest.of(0x100)
                            .zeros(4)
                            .nested(1, NetlinkMessageTest::tuple)
                            .nested(2, NetlinkMessageTest::tuple)
                            .attributeU32BigEndian(8, 1);
            case 1 ->
                    NetlinkRequest.of(24)
                            .u8(2)
                            .zeros(6)
                            .u8(1)
                            .zeros(4)
                            .attributeU32(15, 254)
                            .nested(9, hops -> hops.u8(16).zeros(7).attribute(5, new byte[4]));
            default -> NetlinkRequest.of(2).u32(-22).zeros(16).attribute(1, new byte[] {'n', 'o'});
        };
    }

    private static void tuple(NetlinkRequest tuple) {
        tuple.nested(1, ip -> ip.attribute(1, new byte[4]).attribute(2, new byte[4]))
                .nested(2, ports -> ports.attributeU8(1, 6).attributeU16BigEndian(2, 80));
    }

    private static byte[] header(int length, int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder()).putInt(length).array();
    }
}
