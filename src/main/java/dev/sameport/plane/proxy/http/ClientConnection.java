package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.Fault;
import dev.sameport.plane.proxy.http.message.Framing;
import dev.sameport.plane.proxy.http.message.Head;
import dev.sameport.plane.proxy.http.message.Method;
import dev.sameport.plane.proxy.l4.Sockets;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A client's connection of HTTP/1: one exchange after the other. Confined to its event loop.
///
/// It goes on reading while an exchange is under way, as far as the exchange takes the bytes, so
/// that a client that leaves is noticed.
final class ClientConnection extends ChannelInboundHandlerAdapter implements Downstream {
    /// Bytes of later requests that may wait while one is under way.
    private static final int MOST_AHEAD = 64 << 10;

    private enum State {
        /// Between requests, or in the middle of a head.
        HEAD,
        /// An exchange is under way and its request's body isn't complete.
        BODY,
        /// An exchange is under way; its request is complete.
        ANSWER,
        /// Nothing more is served: bytes are thrown away until the client closes.
        CLOSING
    }

    private final Lane lane;
    private final LoopState loop;
    private final Channel channel;
    private final Outlet outlet;
    private final Exchange exchange;
    private final ForwardedFields forwarded;
    private final InetSocketAddress client;
    private final BodyReader body = new BodyReader();
    private final AnswerWriter answer;
    private final Patience patience = new Patience();
    private State state = State.HEAD;
    private @Nullable Head head;
    private @Nullable ByteBuf inbox;
    private boolean processing;
    private boolean bodyWanted;
    private boolean inputEnded;
    private boolean closed;

    /// @param port the one that the client connected to
    ClientConnection(
            Lane lane, Channel channel, InetSocketAddress client, int port, boolean secure) {
        this.lane = lane;
        this.loop = lane.loop;
        this.channel = channel;
        this.client = client;
        this.outlet = new Outlet(channel, loop);
        this.answer = new AnswerWriter(outlet, loop);
        this.exchange = new Exchange(lane, this);
        this.forwarded = new ForwardedFields(client, port, secure, lane.port.options().trusted());
    }

    /// Begins to read; to be called once, by its event loop, when it is in the pipeline.
    void start() {
        lane.port.track(this);
        await(lane.port.options().clientIdle().toNanos());
        HttpSockets.begin(channel);
    }

    private void await(long nanos) {
        loop.deadlines.set(patience, System.nanoTime() + nanos);
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        ByteBuf in = (ByteBuf) bytes;
        if (state == State.CLOSING || closed) {
            in.release();
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
        if (processing) {
            return; // An exchange that ends at once comes back here.
        }
        processing = true;
        boolean more = inbox != null;
        while (more && inbox != null && !closed) {
            more =
                    switch (state) {
                        case HEAD -> head(inbox);
                        case BODY -> body(inbox);
                        case ANSWER, CLOSING -> false;
                    };
        }
        processing = false;
        tidy();
    }

    private void tidy() {
        ByteBuf rest = inbox;
        if (rest != null && (!rest.isReadable() || state == State.CLOSING || closed)) {
            inbox = null;
            rest.release();
            rest = null;
        }
        boolean full = rest != null && rest.readableBytes() >= MOST_AHEAD;
        boolean stalled = rest != null && state == State.BODY;
        channel.config().setAutoRead(!full && !stalled);
    }

    private boolean head(ByteBuf in) {
        if (!in.isReadable()) {
            return false;
        }
        Head reading = head;
        if (reading == null) {
            reading = loop.takeHead();
            head = reading;
            await(lane.port.options().head().toNanos());
        }
        int taken = reading.read(in, lane.port.options().requests());
        if (taken == 0) {
            return false;
        }
        if (taken < 0) {
            refuse(Objects.requireNonNull(reading.fault()));
            return false;
        }
        begin(reading);
        return true;
    }

    private void begin(Head request) {
        loop.deadlines.unset(patience);
        answer.begin(request);
        if (request.method() == Method.CONNECT) {
            answer.closes();
            reply(Reply.closing(405, "CONNECT is not for a reverse proxy"));
            return;
        }
        request.dropHopByHop(true);
        body.start(request.framing(), request.length());
        bodyWanted = false;
        state = request.framing() == Framing.NONE || body.ended() ? State.ANSWER : State.BODY;
        exchange.begin(request);
        if (state == State.ANSWER && request.framing() != Framing.NONE && exchange.underWay()) {
            exchange.requestEnd(null); // Content-Length: 0
        }
    }

    private void refuse(Fault fault) {
        answer.begin(null);
        reply(Reply.closing(fault.status(), fault.text()));
    }

    private boolean body(ByteBuf in) {
        if (!bodyWanted || !exchange.takesBody()) {
            return false;
        }
        ByteBuf data = body.next(in);
        if (data != null) {
            exchange.requestBody(data);
        }
        if (state != State.BODY) {
            return true;
        }
        Fault fault = body.fault();
        if (fault != null) {
            answer.closes();
            exchange.requestFailed(Reply.closing(fault.status(), fault.text()));
            return false;
        }
        if (body.ended()) {
            loop.deadlines.unset(patience);
            state = State.ANSWER;
            exchange.requestEnd(body.trailers());
            return true;
        }
        await(lane.port.options().body().toNanos());
        return data != null;
    }

    @Override
    public void wantBody(boolean wanted) {
        bodyWanted = wanted;
        if (!wanted) {
            loop.deadlines.unset(patience);
            return;
        }
        if (state == State.BODY) {
            await(lane.port.options().body().toNanos());
        }
        if (!processing) {
            process();
        }
    }

    // ---- answering

    @Override
    public InetSocketAddress client() {
        return client;
    }

    @Override
    public ForwardedFields forwarded() {
        return forwarded;
    }

    @Override
    public void interim(Head interim) {
        answer.interim(interim);
    }

    @Override
    public void answer(Head given) {
        if (given.status() == 101) {
            body.upgrade();
            bodyWanted = true;
            state = State.BODY;
            // What came early follows when this answer is on its way.
            channel.eventLoop().execute(this::goOn);
        }
        if (lane.port.finishing()) {
            answer.closes();
        }
        answer.head(given);
    }

    private void goOn() {
        process();
        loop.flush();
    }

    @Override
    public void answerBody(ByteBuf data) {
        answer.body(data);
    }

    @Override
    public void answerEnd(@Nullable Head trailers) {
        if (exchange.upgraded()) {
            outlet.flush();
            endOutput();
            return;
        }
        answer.end(trailers);
        ended();
    }

    @Override
    public void tunnelOver() {
        outlet.flush();
        close();
    }

    @Override
    public void answerBroken() {
        // A reset: an end in order could pass for the end of the body.
        giveHeadBack();
        state = State.CLOSING;
        outlet.flush();
        Sockets.reset(channel);
    }

    @Override
    public void reply(Reply reply) {
        if (reply.close() || lane.port.finishing() || state == State.BODY) {
            answer.closes();
        }
        String id = forwarded.id(loop, exchange.id());
        answer.reply(reply, ReplyText.of(reply, head, id), id);
        ended();
    }

    @Override
    public boolean takesMore() {
        return channel.isWritable();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && exchange.underWay()) {
            exchange.clientTakesMore();
            loop.flush();
        }
    }

    /// An answer is complete.
    private void ended() {
        giveHeadBack();
        if (!answer.keepsAlive() || state == State.BODY || inputEnded) {
            state = State.CLOSING;
            lingeringClose();
            return;
        }
        state = State.HEAD;
        await(lane.port.options().clientIdle().toNanos());
        process();
    }

    private void giveHeadBack() {
        Head used = head;
        if (used != null) {
            head = null;
            loop.giveBack(used);
        }
    }

    /// Ends our side, and throws away what the client still sends, for a while: a reset while it
    /// sends would take the answer from it (RFC 9112 9.6).
    private void lingeringClose() {
        outlet.flush();
        if (inputEnded) {
            close();
            return;
        }
        var _ =
                channel.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
                        .addListener(_ -> {
                            var _ = ((DuplexChannel) channel).shutdownOutput();
                        });
        channel.config().setAutoRead(true);
        await(Lingering.NANOS);
    }

    private void endOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            var _ = tls.closeOutbound();
        } else {
            var _ = ((DuplexChannel) channel).shutdownOutput();
        }
    }

    // ---- the end

    /// The daemon gives its ports to a successor: idle connections end after their next answer.
    void finish() {
        if (state == State.HEAD && head == null) {
            await(lane.port.options().clientIdle().toNanos());
        }
    }

    void close() {
        if (!closed) {
            closed = true;
            loop.deadlines.forget(patience);
            outlet.discard();
            var _ = channel.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            inputEnds();
            loop.flush();
        }
    }

    /// The client sent its last byte. Who still waits for an answer is taken for gone, as most
    /// servers do: a browser that leaves can't be told from one that only ended its side.
    private void inputEnds() {
        if (exchange.upgraded() && exchange.underWay()) {
            state = State.ANSWER;
            exchange.requestEnd(null);
        } else {
            gone();
        }
    }

    private void gone() {
        exchange.clientGone();
        giveHeadBack();
        close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        gone();
        loop.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone();
        tidy();
        lane.port.untrack(this);
        loop.flush();
    }

    /// Ends what takes too long.
    private final class Patience extends Deadline {
        @Override
        void passed() {
            switch (state) {
                case HEAD -> {
                    if (head == null) {
                        close(); // Nothing was asked, so nothing is answered.
                    } else {
                        refuse(Fault.TIMEOUT);
                    }
                }
                case BODY ->
                        exchange.requestFailed(
                                Reply.closing(408, "the request's body paused for too long"));
                case CLOSING -> close();
                case ANSWER -> {}
            }
            loop.flush();
        }
    }
}
