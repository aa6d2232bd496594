package dev.sameport.health;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sameport.model.Addresses;
import dev.sameport.model.HttpProbe;
import dev.sameport.plane.proxy.http.message.Head;
import dev.sameport.plane.proxy.http.message.Limits;
import dev.sameport.plane.proxy.http.message.Method;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Asks an endpoint for one page, on a connection of its own, and looks at the answer's status.
///
/// What follows the head is read and thrown away for as long as the probe may take, so that the
/// endpoint can end in order; one that sends more than 64 KiB is cut off. Confined to the channel's
/// event loop.
final class HttpQuestion extends ChannelInboundHandlerAdapter {
    private static final Limits LIMITS = Limits.ANSWER;
    private static final int MOST_BYTES = 1 << 16;

    private final HttpProbe probe;
    private final Consumer<Boolean> answered;
    private final Head head = new Head();
    private final ByteBuf received = Unpooled.buffer(512, MOST_BYTES);
    private int bytes;
    private boolean told;
    private @Nullable ScheduledFuture<?> timer;

    private HttpQuestion(HttpProbe probe, Consumer<Boolean> answered) {
        this.probe = probe;
        this.answered = answered;
    }

    /// Asks, and closes `channel` in the end. On its event loop.
    ///
    /// @param address what the endpoint is called by, in `Host`
    /// @param patience how long the answer's head may take
    /// @param answered is told once whether the answer is healthy; false where there is none
    static void ask(
            Channel channel,
            HttpProbe probe,
            InetSocketAddress address,
            Duration patience,
            Consumer<Boolean> answered) {
        HttpQuestion question = new HttpQuestion(probe, answered);
        channel.pipeline().addLast(question);
        question.timer =
                channel.eventLoop()
                        .schedule(() -> close(channel), patience.toNanos(), TimeUnit.NANOSECONDS);
        var _ = channel.writeAndFlush(Unpooled.copiedBuffer(request(probe, address), US_ASCII));
        channel.read();
    }

    private static String request(HttpProbe probe, InetSocketAddress address) {
        return "GET "
                + probe.path()
                + " HTTP/1.1\r\nHost: "
                + Addresses.text(address)
                + "\r\nUser-Agent: sameport-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf data = (ByteBuf) message;
        try {
            bytes += data.readableBytes();
            if (!told && bytes <= MOST_BYTES) {
                received.writeBytes(data);
                look();
            }
        } finally {
            data.release();
        }
        if (bytes > MOST_BYTES) {
            close(context.channel());
        }
    }

    private static void close(Channel channel) {
        var _ = channel.close();
    }

    private void look() {
        int taken = head.readAnswer(received, LIMITS, Method.GET);
        while (taken > 0 && head.status() < 200 && head.status() != 101) {
            head.reset();
            taken = head.readAnswer(received, LIMITS, Method.GET);
        }
        if (taken != 0) {
            tell(taken > 0 && probe.accepts(head.status()));
        }
    }

    private void tell(boolean healthy) {
        if (!told) {
            told = true;
            answered.accept(healthy);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (timer != null) {
            timer.cancel(false);
        }
        tell(false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close(context.channel());
    }
}
