package dev.sameport.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// One netlink message as received: its header's fields and what follows them.
///
/// Lengths are checked before they are used: a message that lies about one is a [LinuxException]
/// with EBADMSG.
record NetlinkMessage(int type, int flags, int sequence, ByteBuffer payload) {
    static final int ERROR = 2;
    static final int DONE = 3;
    static final int FIRST_OF_FAMILY = 0x10;

    private static final int HEADER = 16;
    private static final int DUMP_INTERRUPTED = 0x10;
    private static final int CAPPED = 0x100;
    private static final int EXTENDED_ACK = 0x200;
    private static final int ACK_TEXT = 1;

    /// Splits a datagram into its messages.
    static List<NetlinkMessage> parse(byte[] datagram) {
        ByteBuffer rest = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        List<NetlinkMessage> messages = new ArrayList<>();
        while (rest.hasRemaining()) {
            messages.add(next(rest));
        }
        return messages;
    }

    private static NetlinkMessage next(ByteBuffer rest) {
        int available = rest.remaining();
        if (available < HEADER) {
            throw malformed("a header of " + available + " bytes");
        }
        int start = rest.position();
        int length = rest.getInt(start);
        if (length < HEADER || length > available) {
            throw malformed("length " + length + " where " + available + " bytes are left");
        }
        ByteBuffer payload =
                rest.slice(start + HEADER, length - HEADER).order(ByteOrder.nativeOrder());
        // Long arithmetic isn't needed: length is at most that of an array.
        rest.position(start + Math.min(available, aligned(length)));
        return new NetlinkMessage(
                Short.toUnsignedInt(rest.getShort(start + 4)),
                Short.toUnsignedInt(rest.getShort(start + 6)),
                rest.getInt(start + 8),
                payload);
    }

    /// The attributes behind a family's fixed part of `fixed` bytes.
    NetlinkAttributes attributes(int fixed) {
        if (payload.limit() < fixed) {
            throw malformed("a message of %d bytes, not %d".formatted(payload.limit(), fixed));
        }
        int start = Math.min(payload.limit(), aligned(fixed));
        return NetlinkAttributes.parse(payload.slice(start, payload.limit() - start));
    }

    /// The fixed part of `length` bytes with which the payload begins.
    ByteBuffer fixed(int length) {
        if (payload.limit() < length) {
            throw malformed("a message of %d bytes, not %d".formatted(payload.limit(), length));
        }
        return payload.slice(0, length).order(ByteOrder.nativeOrder());
    }

    boolean isInterruptedDump() {
        return (flags & DUMP_INTERRUPTED) != 0;
    }

    /// The error number, positive, that an ERROR or a DONE carries; 0 for success.
    int errno() {
        // A DONE without a number is a success of old kernels.
        return payload.limit() < Integer.BYTES ? 0 : -payload.getInt(0);
    }

    /// The kernel's explanation, or the text of the error number where it gives none.
    String errorText() {
        String fallback = Errno.textOf(errno());
        if ((flags & EXTENDED_ACK) == 0) {
            return fallback;
        }
        int fixed = Integer.BYTES;
        if (type == ERROR) {
            // The header of the refused request follows, and all of it unless it was capped.
            int refused = (flags & CAPPED) != 0 ? HEADER : fixed(fixed + HEADER).getInt(fixed);
            if (refused < HEADER || refused > payload.limit() - fixed) {
                throw malformed("an error about a request of " + refused + " bytes");
            }
            fixed += refused;
        }
        String text = attributes(fixed).text(ACK_TEXT);
        return text.isEmpty() ? fallback : text;
    }

    static int aligned(int length) {
        return (length + 3) & ~3;
    }

    static LinuxException malformed(String what) {
        return new LinuxException("read netlink", Errno.EBADMSG, "the kernel's answer has " + what);
    }
}
