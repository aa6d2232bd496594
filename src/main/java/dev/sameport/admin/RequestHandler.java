package dev.sameport.admin;

import dev.sameport.model.Problem;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection: takes one request, has it answered on a thread of its own, sends, closes.
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final System.Logger LOG = System.getLogger(RequestHandler.class.getName());

    private final Router router;
    private final ChangeLog changes;
    private final Limits limits;
    private final boolean room;
    // confined to the channel's event loop
    private @Nullable Future<?> deadline;
    private boolean taken;

    /// @param room whether there is room for this connection
    RequestHandler(Router router, ChangeLog changes, Limits limits, boolean room) {
        this.router = router;
        this.changes = changes;
        this.limits = limits;
        this.room = room;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Runnable late =
                () -> {
                    taken = true;
                    refuse(context, 408, "it did not come in time", "send it at once");
                };
        long millis = limits.request().toMillis();
        deadline = context.executor().schedule(late, millis, TimeUnit.MILLISECONDS);
        if (!room) {
            taken = true;
            refuse(
                    context,
                    503,
                    limits.connections() + " connections are open already",
                    "end some, such as `sameport events --follow`");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stopClock();
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
        if (taken) {
            return; // one request a connection; more is passed over until it closes
        }
        taken = true;
        stopClock();
        Throwable broken = message.decoderResult().cause();
        if (broken != null) {
            refuse(context, status(broken), "it is not HTTP as we take it", "see docs/admin.md");
            return;
        }
        Channel channel = context.channel();
        // Asking costs a few system calls, and only `run` needs to know.
        boolean run = message.uri().startsWith(Router.RUN);
        RequestReader reader = new RequestReader(message, run ? Peers.of(channel) : null);
        Thread.ofVirtual().name("admin").start(() -> answer(channel, reader));
    }

    private static int status(Throwable broken) {
        return switch (broken) {
            case TooLongHttpLineException _ -> 414;
            case TooLongHttpHeaderException _ -> 431;
            default -> 400;
        };
    }

    private void answer(Channel channel, RequestReader reader) {
        switch (reply(reader)) {
            case Reply.Page page -> {
                send(channel, page);
                closeLate(channel);
            }
            case Reply.Stream stream -> EventStream.start(channel, changes, stream, limits);
        }
    }

    private Reply reply(RequestReader reader) {
        try {
            return router.answer(reader.read());
        } catch (Rejection e) {
            return Reply.error(e.status(), e.problem(), reader.json());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "admin request failed path=" + reader.path(), e);
            Problem problem =
                    new Problem(
                            Printable.text(reader.path()),
                            "the daemon failed: " + e,
                            "see its log, and report it");
            return Reply.error(500, problem, reader.json());
        }
    }

    /// A client that doesn't take its answer gives its place back all the same.
    private void closeLate(Channel channel) {
        Runnable leave =
                () -> {
                    var _ = channel.close();
                };
        long millis = limits.answer().toMillis();
        Future<?> late = channel.eventLoop().schedule(leave, millis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(_ -> late.cancel(false));
    }

    private void refuse(ChannelHandlerContext context, int status, String what, String fix) {
        stopClock();
        send(context.channel(), Reply.error(status, new Problem("the request", what, fix), false));
        closeLate(context.channel());
    }

    /// Sends a page and closes the connection after it.
    static void send(Channel channel, Reply.Page page) {
        ByteBuf body = Unpooled.copiedBuffer(page.body(), StandardCharsets.UTF_8);
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(page.status()), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, page.type())
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        var _ = channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A client that went away, or sent what even the decoder can't name: its connection ends.
        LOG.log(Level.DEBUG, "admin connection failed", cause);
        var _ = context.close();
    }
}
