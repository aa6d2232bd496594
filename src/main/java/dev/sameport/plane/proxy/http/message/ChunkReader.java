package dev.sameport.plane.proxy.http.message;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Takes a body in the chunked transfer coding apart (RFC 9112 7.1), strictly: sizes without signs,
/// white space or overflow, every line ended by CR LF. Chunk extensions are checked and dropped.
/// Reused; not for more than one thread.
public final class ChunkReader {
    /// `step`: more bytes are needed.
    public static final int MORE = 0;

    /// `step`: the body and its trailers have ended.
    public static final int END = -1;

    /// `step`: the body is refused, see `fault`.
    public static final int REFUSED = -2;

    private static final int MOST_DIGITS = 15;
    private static final int MOST_EXTENSION_BYTES = 4 << 10;

    private enum State {
        FIRST_DIGIT,
        DIGITS,
        BLANKS,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILERS,
        ENDED
    }

    private State state = State.FIRST_DIGIT;
    private long left;
    private int digits;
    private int extensionBytes;
    private @Nullable Head trailers;
    private @Nullable Fault fault;

    /// At the begin of a body.
    public ChunkReader() {}

    /// Begins the next body.
    public void reset() {
        state = State.FIRST_DIGIT;
        extensionBytes = 0;
        fault = null;
        trailers = null;
    }

    /// Goes on to the next data.
    ///
    /// @return how many bytes of data lie at the reader index: the caller takes them all before the
    ///   next step; else `MORE`, `END` or `REFUSED`
    public int step(ByteBuf in) {
        while (state != State.DATA) {
            if (state == State.ENDED) {
                return END;
            }
            if (state == State.TRAILERS) {
                return trailers(in);
            }
            if (!in.isReadable()) {
                return MORE;
            }
            Fault found = take(in.readByte());
            if (found != null) {
                fault = found;
                return REFUSED;
            }
        }
        int available = (int) Math.min(left, in.readableBytes());
        left -= available;
        if (left == 0) {
            state = State.DATA_CR;
        }
        return available;
    }

    private @Nullable Fault take(byte b) {
        return switch (state) {
            case FIRST_DIGIT, DIGITS -> digit(b);
            case BLANKS -> blank(b);
            case EXTENSION -> extension(b);
            case SIZE_LF -> endOfSize(b);
            case DATA_CR -> {
                state = State.DATA_LF;
                yield b == '\r' ? null : Fault.CHUNK_END;
            }
            case DATA_LF -> {
                state = State.FIRST_DIGIT;
                yield b == '\n' ? null : Fault.CHUNK_END;
            }
            case DATA, TRAILERS, ENDED -> Fault.CHUNK_SIZE;
        };
    }

    private @Nullable Fault digit(byte b) {
        int value = Character.digit(b, 16);
        if (value >= 0) {
            if (state == State.FIRST_DIGIT) {
                state = State.DIGITS;
                left = 0;
                digits = 0;
            }
            left = left << 4 | value;
            digits++;
            return digits > MOST_DIGITS ? Fault.CHUNK_SIZE : null;
        }
        if (state == State.FIRST_DIGIT) {
            return Fault.CHUNK_SIZE;
        }
        return afterSize(b);
    }

    private @Nullable Fault afterSize(byte b) {
        switch (b) {
            case '\r' -> state = State.SIZE_LF;
            case ';' -> state = State.EXTENSION;
            case ' ', '\t' -> state = State.BLANKS;
            default -> {
                return Fault.CHUNK_SIZE;
            }
        }
        return null;
    }

    /// White space may stand before an extension only.
    private @Nullable Fault blank(byte b) {
        if (b == ';') {
            state = State.EXTENSION;
        }
        boolean fits = b == ';' || Characters.isBlank(b);
        return fits && ++extensionBytes <= MOST_EXTENSION_BYTES ? null : Fault.CHUNK_EXTENSION;
    }

    private @Nullable Fault extension(byte b) {
        if (b == '\r') {
            state = State.SIZE_LF;
            return null;
        }
        boolean fits = Characters.isValue(b) && ++extensionBytes <= MOST_EXTENSION_BYTES;
        return fits ? null : Fault.CHUNK_EXTENSION;
    }

    private @Nullable Fault endOfSize(byte b) {
        state = left == 0 ? State.TRAILERS : State.DATA;
        return b == '\n' ? null : Fault.CHUNK_SIZE;
    }

    private int trailers(ByteBuf in) {
        Head read = trailers;
        if (read == null) {
            if (!in.isReadable(2)) {
                return MORE;
            }
            if (in.getShort(in.readerIndex()) == ('\r' << 8 | '\n')) {
                in.skipBytes(2);
                state = State.ENDED;
                return END;
            }
            read = new Head();
            trailers = read;
        }
        int taken = read.readTrailers(in);
        if (taken < 0) {
            fault = Fault.TRAILERS;
            return REFUSED;
        }
        if (taken > 0) {
            state = State.ENDED;
            return END;
        }
        return MORE;
    }

    /// The fields after the last chunk, null where there are none.
    public @Nullable Head trailers() {
        return trailers;
    }

    /// Why the body is refused, or null.
    public @Nullable Fault fault() {
        return fault;
    }
}
