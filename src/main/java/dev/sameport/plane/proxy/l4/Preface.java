package dev.sameport.plane.proxy.l4;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads the first bytes of a connection until they tell how it goes on, within a time limit; a
/// client that fails to tell is reset. Confined to the connection's event loop.
abstract class Preface extends ChannelInboundHandlerAdapter {
    private final SocketChannel downstream;
    private final HoldLimit limit;
    private final Duration patience;
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

    /// Room that is taken of `limit`.
    private int stored;

    private boolean over;
    private @Nullable ScheduledFuture<?> deadline;

    Preface(SocketChannel downstream, HoldLimit limit, Duration patience) {
        this.downstream = downstream;
        this.limit = limit;
        this.patience = patience;
    }

    /// Looks at all bytes so far.
    ///
    /// @return whether they tell: then, unless the connection was closed, `proceed` follows
    abstract boolean tells(ByteBuf bytesSoFar);

    /// Adds the handlers that take over; they are told that the connection is active, and given the
    /// bytes that were not consumed.
    abstract void proceed();

    SocketChannel downstream() {
        return downstream;
    }

    void reset() {
        end();
        Sockets.reset(downstream);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        deadline =
                downstream
                        .eventLoop()
                        .schedule(this::reset, patience.toNanos(), TimeUnit.NANOSECONDS);
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf more = (ByteBuf) message;
        int size = more.capacity();
        if (over) {
            more.release();
            return;
        }
        if (!limit.store(size)) {
            more.release();
            reset();
            return;
        }
        stored += size;
        bytes = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), bytes, more);
        if (tells(bytes) && downstream.isOpen()) {
            handOver(context);
        }
    }

    private void handOver(ChannelHandlerContext context) {
        ByteBuf rest = bytes;
        bytes = Unpooled.EMPTY_BUFFER;
        end();
        proceed();
        downstream.pipeline().remove(this);
        context.fireChannelActive();
        if (rest.isReadable()) {
            context.fireChannelRead(rest);
        } else {
            rest.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (over) {
            context.fireChannelReadComplete();
        } else {
            context.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !over) {
            reset(); // There will be no more, and it isn't enough.
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        reset();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
    }

    /// Lets go of everything but the connection.
    void end() {
        if (over) {
            return;
        }
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
        limit.unstore(stored);
    }
}
