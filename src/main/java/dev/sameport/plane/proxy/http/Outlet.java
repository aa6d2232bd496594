package dev.sameport.plane.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/// Collects what goes out on one channel, so that a head and a small body are one buffer and all
/// that came of one read is one system call. Confined to the channel's event loop.
final class Outlet {
    /// Copying less than this is cheaper than another buffer for the kernel to gather.
    private static final int COPIED = 4 << 10;

    private static final int SMALLEST = 1 << 10;

    private final Channel channel;
    private final LoopState loop;
    private @Nullable ByteBuf open;
    private boolean pending;

    Outlet(Channel channel, LoopState loop) {
        this.channel = channel;
        this.loop = loop;
    }

    /// A buffer into which `bytes` more can be written; it stays this outlet's.
    ByteBuf room(int bytes) {
        ByteBuf buffer = open;
        if (buffer != null && buffer.writableBytes() >= bytes) {
            return buffer;
        }
        close();
        buffer = channel.alloc().directBuffer(Math.max(bytes, SMALLEST));
        open = buffer;
        mark();
        return buffer;
    }

    /// Adds `data`, whose ownership passes.
    void add(ByteBuf data) {
        int bytes = data.readableBytes();
        if (bytes <= COPIED) {
            room(bytes).writeBytes(data);
            data.release();
        } else {
            close();
            write(data);
        }
    }

    private void close() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            write(buffer);
        }
    }

    private void write(ByteBuf buffer) {
        mark();
        // Failures arrive as exceptions.
        var _ = channel.write(buffer, channel.voidPromise());
    }

    private void mark() {
        if (!pending) {
            pending = true;
            loop.pending(this);
        }
    }

    /// Hands everything to the kernel.
    void flush() {
        pending = false;
        close();
        channel.flush();
    }

    /// Throws away what was not handed to the channel yet.
    void discard() {
        ByteBuf buffer = open;
        if (buffer != null) {
            open = null;
            buffer.release();
        }
    }
}
