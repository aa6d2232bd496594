package dev.sameport.linux;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The attributes of a netlink message by type; of several of one type the last counts, as in the
/// kernel.
///
/// What has another length than its reader expects is a [LinuxException] with EBADMSG.
final class NetlinkAttributes {
    private static final int HEADER = 4;
    private static final int TYPE_MASK = 0x3fff;

    private final Map<Integer, ByteBuffer> values;

    private NetlinkAttributes(Map<Integer, ByteBuffer> values) {
        this.values = values;
    }

    static NetlinkAttributes parse(ByteBuffer bytes) {
        Map<Integer, ByteBuffer> values = new HashMap<>();
        each(bytes, values::put);
        return new NetlinkAttributes(values);
    }

    private static void each(ByteBuffer bytes, BiConsumer<Integer, ByteBuffer> taker) {
        ByteBuffer all = bytes.slice().order(ByteOrder.nativeOrder());
        int start = 0;
        // Fewer bytes than a header are padding.
        while (all.limit() - start >= HEADER) {
            int length = Short.toUnsignedInt(all.getShort(start));
            if (length < HEADER || length > all.limit() - start) {
                throw NetlinkMessage.malformed(
                        "an attribute of %d bytes where %d are left"
                                .formatted(length, all.limit() - start));
            }
            int type = Short.toUnsignedInt(all.getShort(start + 2)) & TYPE_MASK;
            taker.accept(
                    type,
                    all.slice(start + HEADER, length - HEADER).order(ByteOrder.nativeOrder()));
            start += NetlinkMessage.aligned(length);
        }
    }

    boolean has(int type) {
        return values.containsKey(type);
    }

    int u8(int type, int otherwise) {
        ByteBuffer value = value(type, Byte.BYTES);
        return value == null ? otherwise : Byte.toUnsignedInt(value.get(0));
    }

    int u16BigEndian(int type, int otherwise) {
        ByteBuffer value = value(type, Short.BYTES);
        return value == null
                ? otherwise
                : Short.toUnsignedInt(value.duplicate().order(ByteOrder.BIG_ENDIAN).getShort(0));
    }

    int u32(int type, int otherwise) {
        ByteBuffer value = value(type, Integer.BYTES);
        return value == null ? otherwise : value.getInt(0);
    }

    int u32BigEndian(int type, int otherwise) {
        ByteBuffer value = value(type, Integer.BYTES);
        return value == null ? otherwise : value.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0);
    }

    long u64BigEndian(int type, long otherwise) {
        ByteBuffer value = value(type, Long.BYTES);
        return value == null ? otherwise : value.duplicate().order(ByteOrder.BIG_ENDIAN).getLong(0);
    }

    /// A text up to its first NUL, empty if it isn't there.
    String text(int type) {
        byte[] bytes = bytes(type);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    /// An address of 4 or 16 bytes.
    Optional<InetAddress> address(int type) {
        return has(type) ? Optional.of(addressOf(bytes(type))) : Optional.empty();
    }

    /// The value as it is, empty if it isn't there.
    byte[] bytes(int type) {
        ByteBuffer value = values.get(type);
        if (value == null) {
            return new byte[0];
        }
        byte[] bytes = new byte[value.limit()];
        value.get(0, bytes);
        return bytes;
    }

    /// The attributes inside an attribute; none if it isn't there.
    NetlinkAttributes nested(int type) {
        ByteBuffer value = values.get(type);
        return value == null ? new NetlinkAttributes(Map.of()) : parse(value);
    }

    /// The attributes inside each attribute of a list, in order.
    List<NetlinkAttributes> list(int type) {
        List<NetlinkAttributes> items = new ArrayList<>();
        ByteBuffer value = values.get(type);
        if (value != null) {
            each(value, (_, item) -> items.add(parse(item)));
        }
        return items;
    }

    private @Nullable ByteBuffer value(int type, int length) {
        ByteBuffer value = values.get(type);
        if (value != null && value.limit() != length) {
            throw NetlinkMessage.malformed(
                    "an attribute %d of %d bytes, not %d".formatted(type, value.limit(), length));
        }
        return value;
    }

    static InetAddress addressOf(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException _) {
            throw NetlinkMessage.malformed("an address of " + bytes.length + " bytes");
        }
    }
}
