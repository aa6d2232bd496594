package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/// Bytes that HTTP/1 is made of.
final class HttpBytes {
    private static final int CRLF = '\r' << 8 | '\n';

    private HttpBytes() {}

    /// A line with its end.
    static byte[] line(String text) {
        return (text + "\r\n").getBytes(US_ASCII);
    }

    static void endOfLine(ByteBuf out) {
        out.writeShort(CRLF);
    }

    /// Writes a number in decimal digits, 0 or more.
    static void decimal(ByteBuf out, long number) {
        if (number >= 10) {
            decimal(out, number / 10);
        }
        out.writeByte('0' + (int) (number % 10));
    }

    /// What was left of earlier reads with what came now, both of whose ownership passes.
    static ByteBuf append(ByteBufAllocator allocator, @Nullable ByteBuf left, ByteBuf more) {
        if (left == null) {
            return more;
        }
        if (!left.isReadable()) {
            left.release();
            return more;
        }
        ByteBuf both = left;
        if (left.writableBytes() < more.readableBytes()) {
            both = allocator.buffer(2 * (left.readableBytes() + more.readableBytes()));
            both.writeBytes(left);
            left.release();
        }
        both.writeBytes(more);
        more.release();
        return both;
    }
}
