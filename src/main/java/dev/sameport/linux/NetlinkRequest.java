package dev.sameport.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/// A netlink message in the making (netlink(7)): header, the family's fixed part, attributes.
///
/// Numbers go out in the machine's byte order, as rtnetlink wants them, save those of `…BigEndian`,
/// as netfilter does.
final class NetlinkRequest {
    static final int REQUEST = 0x1;
    static final int ACK = 0x4;
    static final int DUMP = 0x300;
    static final int CREATE = 0x400;

    private static final int ATTRIBUTE_HEADER = 4;
    private static final int NESTED = 0x8000;

    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    private NetlinkRequest(int type, int flags) {
        bytes.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
    }

    /// Asks for all objects of a kind.
    static NetlinkRequest dump(int type) {
        return new NetlinkRequest(type, REQUEST | ACK | DUMP);
    }

    /// Asks for one thing, or to do one.
    static NetlinkRequest of(int type) {
        return new NetlinkRequest(type, REQUEST | ACK);
    }

    /// One message of a batch; of those without [#ACK] only failures are told.
    static NetlinkRequest part(int type, int flags) {
        return new NetlinkRequest(type, REQUEST | flags);
    }

    NetlinkRequest u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    NetlinkRequest u16BigEndian(int value) {
        return u8(value >>> 8).u8(value);
    }

    NetlinkRequest u32(int value) {
        room(4).putInt(value);
        return this;
    }

    NetlinkRequest zeros(int count) {
        room(count).put(new byte[count]);
        return this;
    }

    NetlinkRequest attribute(int type, byte[] value) {
        return attribute(type, within -> within.room(value.length).put(value));
    }

    NetlinkRequest attributeU8(int type, int value) {
        return attribute(type, within -> within.u8(value));
    }

    NetlinkRequest attributeU16BigEndian(int type, int value) {
        return attribute(type, within -> within.u16BigEndian(value));
    }

    NetlinkRequest attributeU32(int type, int value) {
        return attribute(type, within -> within.u32(value));
    }

    NetlinkRequest attributeU32BigEndian(int type, int value) {
        return attribute(type, within -> within.u32(toBigEndian(value)));
    }

    NetlinkRequest nested(int type, Consumer<NetlinkRequest> content) {
        return attribute(type | NESTED, content);
    }

    /// An attribute whose content is attributes that a message brought.
    NetlinkRequest nestedRaw(int type, byte[] content) {
        return attribute(type | NESTED, content);
    }

    private NetlinkRequest attribute(int type, Consumer<NetlinkRequest> content) {
        int start = bytes.position();
        room(ATTRIBUTE_HEADER).putShort((short) 0).putShort((short) type);
        content.accept(this);
        bytes.putShort(start, (short) (bytes.position() - start));
        return zeros(-bytes.position() & 3);
    }

    /// The finished message, under a sequence number.
    byte[] encode(int sequence) {
        bytes.putInt(0, bytes.position()).putInt(8, sequence);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private ByteBuffer room(int count) {
        if (bytes.remaining() < count) {
            ByteBuffer larger =
                    ByteBuffer.allocate(2 * (bytes.position() + count))
                            .order(ByteOrder.nativeOrder());
            bytes = larger.put(bytes.flip());
        }
        return bytes;
    }

    private static int toBigEndian(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
                ? value
                : Integer.reverseBytes(value);
    }
}
