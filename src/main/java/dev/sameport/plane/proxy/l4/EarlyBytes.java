package dev.sameport.plane.proxy.l4;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// What a client sent before it had an endpoint, within the limit for all of them. Confined to one
/// event loop.
///
/// Nobody asks for these bytes: the event loop reads them when it is told that the client ended its
/// side, or (without epoll) because only a read notices that.
final class EarlyBytes {
    private final HoldLimit limit;
    private List<ByteBuf> buffers = List.of();
    private int stored;

    EarlyBytes(HoldLimit limit) {
        this.limit = limit;
    }

    boolean isEmpty() {
        return buffers.isEmpty();
    }

    /// Keeps a buffer; false (and the buffer is released) when there is no room.
    boolean add(ByteBuf buffer) {
        // What counts is the memory that it holds on to.
        if (!limit.store(buffer.capacity())) {
            buffer.release();
            return false;
        }
        if (buffers.isEmpty()) {
            buffers = new ArrayList<>(2);
        }
        buffers.add(buffer);
        stored += buffer.capacity();
        return true;
    }

    /// Hands them over to the caller, who releases them.
    List<ByteBuf> take() {
        List<ByteBuf> taken = buffers;
        limit.unstore(stored);
        buffers = List.of();
        stored = 0;
        return taken;
    }

    void discard() {
        take().forEach(ByteBuf::release);
    }
}
