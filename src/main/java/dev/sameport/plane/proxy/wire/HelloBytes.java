package dev.sameport.plane.proxy.wire;

import io.netty.buffer.ByteBuf;

/// The bytes of a handshake message, read across the borders of the records that it is cut into,
/// whose headers are known to be right.
final class HelloBytes {
    private static final int RECORD_HEADER = 5;

    private final ByteBuf in;
    private int at;
    private int leftInRecord;
    private int left;

    /// @param start where the first record begins
    /// @param count how many bytes of the message are there
    HelloBytes(ByteBuf in, int start, int count) {
        this.in = in;
        this.at = start;
        this.left = count;
    }

    /// How many bytes can be read.
    int left() {
        return left;
    }

    /// The next byte, 0–255. There must be one.
    int next() {
        if (left == 0) {
            throw new IllegalStateException("read past the end of a message");
        }
        if (leftInRecord == 0) {
            leftInRecord = in.getUnsignedShort(at + 3);
            at += RECORD_HEADER;
        }
        left--;
        leftInRecord--;
        return in.getUnsignedByte(at++);
    }

    /// Passes over `count` bytes, which must be there.
    void skip(int count) {
        for (int i = 0; i < count; i++) {
            int _ = next();
        }
    }
}
