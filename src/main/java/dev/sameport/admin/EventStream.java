package dev.sameport.admin;

import dev.sameport.admin.ChangeLog.Batch;
import dev.sameport.admin.ChangeLog.Entry;
import dev.sameport.admin.ChangeLog.Subscription;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Changes sent line by line until the connection closes, which ends the body.
///
/// It reads on from the log only while the client takes what was sent, so a slow one costs no
/// memory; one that takes nothing for as long as an answer may wait is left.
final class EventStream extends ChannelInboundHandlerAdapter {
    private static final int BATCH = 256;

    private final Channel channel;
    private final ChangeLog changes;
    private final Reply.Stream stream;
    private final Limits limits;
    // confined to the channel's event loop
    private long next;
    private long missed;
    private @Nullable Future<?> stuck;

    private EventStream(Channel channel, ChangeLog changes, Reply.Stream stream, Limits limits) {
        this.channel = channel;
        this.changes = changes;
        this.stream = stream;
        this.limits = limits;
        this.next = stream.since();
    }

    static void start(Channel channel, ChangeLog changes, Reply.Stream stream, Limits limits) {
        EventStream events = new EventStream(channel, changes, stream, limits);
        // May block, and runs even if the client has gone by now.
        channel.closeFuture()
                .addListener(_ -> Thread.ofVirtual().name("admin").start(stream.ended()));
        channel.eventLoop().execute(events::begin);
    }

    private void begin() {
        var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, stream.json() ? Reply.JSON_LINES : Reply.TEXT)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        var _ = channel.writeAndFlush(response);
        if (!stream.head().isEmpty()) {
            write(stream.head());
        }
        if (stream.follow()) {
            channel.pipeline().addLast(this);
            Subscription subscription = changes.listen(this::poke);
            channel.closeFuture().addListener(_ -> subscription.close());
        }
        more();
    }

    /// Called by the daemon's loop, which a server that is being closed must not disturb.
    private void poke() {
        try {
            channel.eventLoop().execute(this::more);
        } catch (RejectedExecutionException _) {
            // The server was closed; so is this connection.
        }
    }

    private void more() {
        while (channel.isActive() && channel.isWritable()) {
            Batch batch = changes.since(next, BATCH);
            missed += batch.lost();
            next = batch.next();
            if (batch.entries().isEmpty()) {
                finish();
                return;
            }
            StringBuilder lines = new StringBuilder();
            batch.entries().forEach(entry -> add(lines, entry));
            if (!lines.isEmpty()) {
                write(lines.toString());
            }
        }
        watch();
    }

    private void add(StringBuilder lines, Entry entry) {
        if (stream.wanted().test(entry.change())) {
            lines.append(
                    stream.json()
                            ? EventsView.json(entry, missed)
                            : EventsView.text(entry, missed, stream.paint()));
            missed = 0;
        }
    }

    private void finish() {
        if (!stream.follow()) {
            var _ =
                    channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                            .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void write(String lines) {
        var _ =
                channel.writeAndFlush(
                        new DefaultHttpContent(
                                Unpooled.copiedBuffer(lines, StandardCharsets.UTF_8)));
    }

    private void watch() {
        if (stuck == null && channel.isActive()) {
            long millis = limits.answer().toMillis();
            Runnable leave =
                    () -> {
                        var _ = channel.close();
                    };
            stuck = channel.eventLoop().schedule(leave, millis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && stuck != null) {
            stuck.cancel(false);
            stuck = null;
        }
        more();
        context.fireChannelWritabilityChanged();
    }
}
