package dev.sameport.plane.proxy.l4;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One socket of a relay: what it reads goes to the other one.
///
/// It reads only while the other end takes bytes. An end of input becomes an end of output there,
/// after the last byte; a reset becomes a reset. Both ends of a relay are on one event loop, to
/// which all of this is confined.
final class RelayEnd extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(RelayEnd.class.getName());

    /// More than enough for the bytes that wait: one read more never equals some bytes less.
    private static final int UNSENT_BITS = 32;

    private final DuplexChannel channel;
    private final Duration linger;
    private final DeathWatch deathWatch;

    /// How often something came from the peer.
    private long reads;

    private @Nullable RelayEnd other;

    /// The peer sent its last byte.
    private boolean inputEnded;

    /// We told the peer that there is no more.
    private boolean outputEnded;

    /// The peer takes no more, though it should.
    private boolean outputFailed;

    /// Nothing counts any more but getting rid of it.
    private boolean resetting;

    /// @param linger how long unsent bytes may wait for the peer once the other end was reset
    RelayEnd(DuplexChannel channel, Duration linger) {
        this.channel = channel;
        this.linger = linger;
        this.deathWatch = new DeathWatch(channel, this::outputFails);
    }

    void join(RelayEnd end) {
        other = end;
    }

    private RelayEnd other() {
        return Objects.requireNonNull(other, "relay end used before it was joined");
    }

    /// Becomes the one that handles what happens to the connection.
    void begin() {
        channel.pipeline().addLast(this);
    }

    /// Begins to read; `ended` where the peer's last byte was read before.
    void start(boolean ended) {
        if (!channel.isOpen()) {
            lost();
        } else if (ended) {
            inputEnds();
        } else {
            channel.read();
        }
    }

    /// Queues bytes for the peer.
    void write(Object bytes) {
        if (outputFailed || resetting) {
            ReferenceCountUtil.release(bytes);
        } else {
            // Failures arrive as ChannelOutputShutdownEvent.
            ChannelFuture _ = channel.write(bytes);
        }
    }

    void flush() {
        channel.flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        reads++;
        other().write(bytes);
    }

    /// A number that changes whenever something comes from the peer or goes to it.
    long progress() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        long bytes = unsent == null ? 0 : unsent.totalPendingWriteBytes();
        return (reads << UNSENT_BITS) - bytes;
    }

    /// Whether the peer has not been sent all that it should get.
    boolean isBehind() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent != null && unsent.totalPendingWriteBytes() > 0;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /// Ends the connection, with a reset if the peer would miss something.
    void end() {
        if (isBehind()) {
            reset();
        } else {
            resetting = true;
            var _ = channel.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (inputEnded || resetting) {
            return;
        }
        RelayEnd sink = other();
        sink.channel.flush();
        if (sink.channel.isWritable() || sink.outputFailed) {
            channel.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            other().readOn();
        }
    }

    private void readOn() {
        if (!inputEnded && !resetting) {
            channel.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnds();
        } else if (event == ChannelOutputShutdownEvent.INSTANCE && !outputEnded) {
            outputFails();
        }
    }

    private void inputEnds() {
        if (inputEnded || resetting) {
            return;
        }
        inputEnded = true;
        if (outputFailed) {
            // A peer that first refuses our bytes and then ends did not end in order.
            lost();
            return;
        }
        other().finishOutput();
        closeIfFinished();
        if (channel.isOpen()) {
            deathWatch.start();
        }
    }

    private void finishOutput() {
        afterLastByte(this::endOutput);
    }

    private void afterLastByte(Runnable then) {
        ByteBuf nothing = Unpooled.EMPTY_BUFFER;
        ChannelFuture flushed = channel.writeAndFlush(nothing);
        if (flushed.isDone()) {
            then.run();
        } else {
            flushed.addListener(_ -> then.run());
        }
    }

    private void endOutput() {
        if (outputEnded || outputFailed || resetting || !channel.isOpen()) {
            return;
        }
        outputEnded = true;
        ChannelFuture _ = channel.shutdownOutput();
        closeIfFinished();
    }

    private void closeIfFinished() {
        if (inputEnded && outputEnded) {
            var _ = channel.close();
        }
    }

    /// The peer was to get more and can't. What it sent before still reaches the other end, whose
    /// own bytes lead nowhere from now on.
    private void outputFails() {
        if (outputFailed || resetting) {
            return;
        }
        outputFailed = true;
        if (inputEnded) {
            var _ = channel.close();
        } else {
            channel.read();
        }
        other().readOn();
        other().resetLater();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.log(Level.WARNING, "relay failed peer=" + channel.remoteAddress(), cause);
        }
        lost();
    }

    /// This end's connection broke: so must the other's, after what was read.
    private void lost() {
        resetting = true;
        var _ = channel.close();
        other().resetAfterLastByte();
    }

    private void resetAfterLastByte() {
        if (resetting || !channel.isOpen()) {
            return;
        }
        resetting = true;
        afterLastByte(this::reset);
        if (channel.isOpen()) {
            resetLater();
        }
    }

    private void resetLater() {
        var _ = channel.eventLoop().schedule(this::reset, linger.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Resets the connection; the other end is not told.
    void reset() {
        resetting = true;
        Sockets.reset(channel);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        deathWatch.stop();
        boolean orderly = inputEnded && (outputEnded || outputFailed);
        if (!orderly && !resetting) {
            lost();
        }
    }
}
