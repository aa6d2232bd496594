package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.ChunkReader;
import dev.sameport.plane.proxy.http.message.Fault;
import dev.sameport.plane.proxy.http.message.Framing;
import dev.sameport.plane.proxy.http.message.Head;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Takes one message's body out of a connection's bytes, however it is framed. Reused.
final class BodyReader {
    private Framing framing = Framing.NONE;
    private long left;
    private boolean ended = true;
    private @Nullable ChunkReader chunks;
    private @Nullable Fault fault;

    /// @param length of `LENGTH`; else ignored
    void start(Framing messageFraming, long length) {
        framing = messageFraming;
        left = length;
        fault = null;
        ended = framing == Framing.NONE || (framing == Framing.LENGTH && length == 0);
        if (framing == Framing.CHUNKED) {
            chunkReader().reset();
        }
    }

    private ChunkReader chunkReader() {
        ChunkReader reader = chunks;
        if (reader == null) {
            reader = new ChunkReader();
            chunks = reader;
        }
        return reader;
    }

    /// The next piece, whose ownership passes; null where `in` holds no more of this body: then it
    /// has ended, is at fault, or needs more bytes.
    @Nullable ByteBuf next(ByteBuf in) {
        if (ended || fault != null || !in.isReadable()) {
            return null;
        }
        return switch (framing) {
            case NONE -> null;
            case LENGTH -> ofLength(in);
            case CHUNKED -> chunk(in, chunkReader());
            case UNTIL_CLOSE, UPGRADED -> in.readRetainedSlice(in.readableBytes());
        };
    }

    private ByteBuf ofLength(ByteBuf in) {
        int bytes = (int) Math.min(left, in.readableBytes());
        left -= bytes;
        ended = left == 0;
        return in.readRetainedSlice(bytes);
    }

    private @Nullable ByteBuf chunk(ByteBuf in, ChunkReader reader) {
        int bytes = reader.step(in);
        if (bytes > 0) {
            return in.readRetainedSlice(bytes);
        }
        if (bytes == ChunkReader.END) {
            ended = true;
        } else if (bytes == ChunkReader.REFUSED) {
            fault = reader.fault();
        }
        return null;
    }

    /// Whether all of the body was taken.
    boolean ended() {
        return ended;
    }

    /// What is wrong with it, or null.
    @Nullable Fault fault() {
        return fault;
    }

    /// Whether the end of the connection is the end of this body.
    boolean untilClose() {
        return framing == Framing.UNTIL_CLOSE || framing == Framing.UPGRADED;
    }

    /// From now on bytes are taken as they come, until the connection ends.
    void upgrade() {
        start(Framing.UPGRADED, 0);
    }

    /// The fields after the last chunk, or null.
    @Nullable Head trailers() {
        return framing == Framing.CHUNKED && chunks != null ? chunks.trailers() : null;
    }
}
