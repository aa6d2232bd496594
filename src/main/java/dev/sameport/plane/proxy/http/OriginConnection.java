package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.ChunkWriter;
import dev.sameport.plane.proxy.http.message.Framing;
import dev.sameport.plane.proxy.http.message.Head;
import dev.sameport.plane.proxy.l4.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A connection of HTTP/1.1 to an endpoint: one request after the other. Confined to its event
/// loop.
final class OriginConnection extends ChannelInboundHandlerAdapter implements Origin {
    private static final byte[] CHUNKED = HttpBytes.line("Transfer-Encoding: chunked");

    private static final byte[] UPGRADE = HttpBytes.line("Connection: upgrade");

    private final OriginPool pool;
    private final LoopState loop;
    private final Channel channel;
    private final Outlet outlet;
    private final BodyReader body = new BodyReader();
    private final IdleDeadline idleDeadline = new IdleDeadline();
    private final Tally tally;
    private @Nullable Exchange exchange;
    private @Nullable ByteBuf inbox;
    private long idleSince;
    private long idleLimit;
    private int served;
    private boolean answering;
    private boolean chunksRequest;
    private boolean reusable;
    private boolean reset;
    private boolean outputFailed;
    private boolean closed;

    OriginConnection(OriginPool pool, Channel channel) {
        this.pool = pool;
        this.loop = pool.lane().loop;
        this.channel = channel;
        this.outlet = new Outlet(channel, loop);
        this.tally = pool.row().tally();
        this.idleLimit = pool.lane().port.options().upstreamIdle().toNanos();
    }

    /// Begins to read.
    void start() {
        channel.pipeline().addLast(this);
        HttpSockets.begin(channel);
    }

    private Exchange exchange() {
        return Objects.requireNonNull(exchange, "no exchange");
    }

    // ---- the request

    @Override
    public void send(Exchange next) {
        exchange = next;
        served++;
        answering = false;
        reusable = true;
        tally.begin();
        loop.deadlines.unset(idleDeadline);
        Head head = next.request();
        chunksRequest = head.framing() == Framing.CHUNKED;
        ByteBuf out =
                outlet.room(
                        head.size()
                                + next.client().forwarded().size()
                                + CHUNKED.length
                                + UPGRADE.length
                                + 2);
        head.writeStartLine(out);
        head.writeFields(out);
        if (chunksRequest) {
            out.writeBytes(CHUNKED);
        }
        if (head.upgradeField() >= 0) {
            out.writeBytes(UPGRADE);
        }
        next.client().forwarded().write(out, loop, next.id());
        HttpBytes.endOfLine(out);
    }

    @Override
    public void requestBody(ByteBuf data) {
        if (outputFailed) {
            data.release();
            return;
        }
        if (!chunksRequest) {
            outlet.add(data);
            return;
        }
        ChunkWriter.writeSize(outlet.room(ChunkWriter.ROOM), data.readableBytes());
        outlet.add(data);
        HttpBytes.endOfLine(outlet.room(2));
    }

    @Override
    public void requestEnd(@Nullable Head trailers) {
        if (chunksRequest) {
            int room = ChunkWriter.ROOM + (trailers == null ? 0 : trailers.size());
            ChunkWriter.writeLast(outlet.room(room), trailers);
        } else if (exchange().upgraded()) {
            outlet.flush();
            var _ = ((DuplexChannel) channel).shutdownOutput();
        }
    }

    @Override
    public boolean takesMore() {
        return outputFailed || channel.isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && exchange != null) {
            exchange.originTakesMore();
            loop.flush();
        }
    }

    // ---- the answer

    @Override
    public void wantAnswer(boolean wanted) {
        channel.config().setAutoRead(wanted);
        if (wanted && inbox != null) {
            // Not from within: the client's side is in the middle of something.
            channel.eventLoop()
                    .execute(() -> {
                        process();
                        loop.flush();
                    });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        ByteBuf in = (ByteBuf) bytes;
        if (exchange == null) {
            in.release(); // Nobody asked; what it belongs to can't be told.
            close();
            return;
        }
        inbox = HttpBytes.append(channel.alloc(), inbox, in);
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        loop.flush();
    }

    private void process() {
        while (exchange != null && inbox != null && (answering ? carry(inbox) : head(inbox))) {}
        ByteBuf rest = inbox;
        if (rest != null && (!rest.isReadable() || exchange == null)) {
            inbox = null;
            rest.release();
        }
    }

    private boolean head(ByteBuf in) {
        Exchange now = exchange();
        Head answer = loop.answer;
        answer.reset();
        int taken =
                answer.readAnswer(in, pool.lane().port.options().answers(), now.request().method());
        if (taken == 0) {
            return false;
        }
        if (taken < 0) {
            fail(Objects.requireNonNull(answer.fault()).text());
            return false;
        }
        if (answer.status() < 200 && answer.status() != 101) {
            now.interim(answer);
            return true;
        }
        if (answer.status() == 101 && now.request().upgradeField() < 0) {
            fail("101 without a request for an upgrade");
            return false;
        }
        begin(now, answer);
        return true;
    }

    private void begin(Exchange now, Head answer) {
        answering = true;
        body.start(answer.framing(), answer.length());
        if (answer.status() == 101) {
            body.upgrade();
        }
        reusable = reusable && answer.keepAlive() && !body.untilClose();
        idleLimit = KeepAlive.limit(answer, pool.lane().port.options().upstreamIdle().toNanos());
        now.answer(answer);
        if (body.ended() && exchange == now) {
            now.answerEnd(null);
        }
    }

    private boolean carry(ByteBuf in) {
        Exchange now = exchange();
        if (!channel.config().isAutoRead()) {
            return false; // The client doesn't take more just now.
        }
        ByteBuf data = body.next(in);
        if (data != null) {
            now.answerBody(data);
        }
        if (exchange != now) {
            return false;
        }
        if (body.ended()) {
            now.answerEnd(body.trailers());
            return false;
        }
        if (body.fault() != null) {
            fail(Objects.requireNonNull(body.fault()).text());
            return false;
        }
        return data != null;
    }

    private void fail(String why) {
        Exchange now = exchange();
        leave();
        close();
        now.nonsense(why);
    }

    // ---- the end

    private void leave() {
        if (exchange != null) {
            exchange = null;
            tally.end();
        }
    }

    @Override
    public void done() {
        leave();
        boolean clean = inbox == null || !inbox.isReadable();
        if (reusable && clean && !outputFailed && channel.isActive() && !reset) {
            channel.config().setAutoRead(true);
            pool.give(this);
        } else {
            close();
        }
    }

    @Override
    public void cancel() {
        leave();
        close();
    }

    @Override
    public boolean fresh() {
        return served <= 1;
    }

    /// It lies in the pool from now on.
    void idles() {
        idleSince = System.nanoTime();
        loop.deadlines.set(idleDeadline, idleSince + idleLimit);
    }

    /// `System.nanoTime()` at which it became idle.
    long idleSince() {
        return idleSince;
    }

    /// Its endpoint is out of service.
    void moveAway() {
        if (exchange != null) {
            exchange.moveAway();
        }
    }

    /// Breaks it off.
    void abort() {
        connectionEnded(false);
        close();
    }

    void close() {
        if (!closed) {
            closed = true;
            loop.deadlines.forget(idleDeadline);
            outlet.discard();
            pool.lost(this);
            var _ = channel.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            connectionEnded(!reset);
            loop.flush();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (channel.isActive() && isAboutOutput(cause)) {
            outputFailed = true;
            return; // It takes no more, but may have answered before: 413 and the like.
        }
        reset = true;
        connectionEnded(false);
        close();
        loop.flush();
    }

    private boolean isAboutOutput(Throwable cause) {
        boolean shut = ((DuplexChannel) channel).isOutputShutdown();
        return shut && (!outputFailed || cause instanceof ClosedChannelException);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connectionEnded(false);
        close();
        if (inbox != null) {
            inbox.release();
            inbox = null;
        }
        loop.flush();
    }

    private void connectionEnded(boolean inOrder) {
        Exchange now = exchange;
        if (now == null) {
            close();
            return;
        }
        if (inOrder && answering && body.untilClose() && !now.upgraded()) {
            reusable = false;
            now.answerEnd(null);
            return;
        }
        if (inOrder && now.upgraded()) {
            now.answerEnd(null); // The other direction goes on.
            return;
        }
        leave();
        close();
        now.broken(false);
    }

    /// Closes the connection when it has been idle for long enough.
    private final class IdleDeadline extends Deadline {
        @Override
        void passed() {
            if (exchange == null) {
                close();
            }
        }
    }
}
