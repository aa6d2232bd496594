package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.Head;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// A request's body as far as it was sent, kept to be sent again: whole or not at all, at most 64
/// KiB.
final class KeptBody {
    private static final int MOST = 64 << 10;

    private final ArrayList<ByteBuf> pieces = new ArrayList<>(0);
    private int bytes;
    private boolean keeping;
    private boolean whole;
    private boolean ended;
    private @Nullable Head trailers;

    /// @param wanted whether it may be of use at all
    void start(boolean wanted) {
        drop();
        whole = true;
        keeping = wanted;
        ended = false;
        trailers = null;
    }

    /// Keeps `data`, which stays the caller's.
    ///
    /// @param useful whether the request may still have to be sent again
    void keep(ByteBuf data, boolean useful) {
        if (!whole || !useful) {
            return;
        }
        if (!keeping || bytes + data.readableBytes() > MOST) {
            drop();
            whole = false;
            return;
        }
        bytes += data.readableBytes();
        pieces.add(data.retainedDuplicate());
    }

    /// The body has ended.
    void end(@Nullable Head last) {
        ended = true;
        trailers = last;
    }

    /// Whether all that was sent so far can be sent again.
    boolean whole() {
        return whole;
    }

    /// Sends what was kept.
    void replay(Origin origin) {
        for (ByteBuf piece : pieces) {
            origin.requestBody(piece.retainedDuplicate());
        }
        if (ended) {
            origin.requestEnd(trailers);
        }
    }

    /// Forgets it.
    void drop() {
        if (bytes > 0) {
            pieces.forEach(ByteBuf::release);
            pieces.clear();
            bytes = 0;
        }
    }
}
