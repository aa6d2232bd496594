package dev.sameport.plane.proxy.http.message;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Writes the frame of the chunked transfer coding (RFC 9112 7.1).
public final class ChunkWriter {
    /// Bytes that one call takes at most, trailers aside.
    public static final int ROOM = 16;

    private static final byte[] DIGITS = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private ChunkWriter() {}

    /// The line before a chunk of `bytes` bytes, 1 or more.
    public static void writeSize(ByteBuf out, int bytes) {
        int shift = (31 - Integer.numberOfLeadingZeros(bytes)) / 4 * 4;
        for (; shift >= 0; shift -= 4) {
            out.writeByte(DIGITS[bytes >>> shift & 15]);
        }
        out.writeShort('\r' << 8 | '\n');
    }

    /// The last chunk, the trailers that are left of `trailers`, and the empty line.
    public static void writeLast(ByteBuf out, @Nullable Head trailers) {
        out.writeByte('0');
        out.writeShort('\r' << 8 | '\n');
        if (trailers != null) {
            trailers.writeFields(out);
        }
        out.writeShort('\r' << 8 | '\n');
    }
}
