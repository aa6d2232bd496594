package dev.sameport.plane.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Answers a client that speaks HTTP where TLS is spoken, then takes what it still sends for a
/// while, since a connection that closes with unread bytes is reset and the answer lost (RFC 9112,
/// section 9.6).
final class PlainHttp extends ChannelInboundHandlerAdapter {
    private static final long LINGER_SECONDS = 2;
    private static final String TEXT = "This port speaks TLS: use https:// instead of http://.\n";
    private static final byte[] ANSWER =
            ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: "
                            + TEXT.length()
                            + "\r\nConnection: close\r\n\r\n"
                            + TEXT)
                    .getBytes(StandardCharsets.US_ASCII);

    private PlainHttp() {}

    /// Whether a client's first byte begins an HTTP method; a record of TLS begins with 22.
    static boolean begins(byte first) {
        return first >= 'A' && first <= 'Z';
    }

    /// Answers in place of `entrance`, whose bytes are dropped.
    static void refuse(ChannelHandlerContext context, TlsEntrance entrance, ByteBuf in) {
        in.skipBytes(in.readableBytes());
        PlainHttp handler = new PlainHttp();
        context.pipeline().addAfter(context.name(), null, handler);
        ChannelHandlerContext own = context.pipeline().context(handler);
        context.pipeline().remove(entrance);
        handler.answer(own);
    }

    private void answer(ChannelHandlerContext context) {
        Runnable end =
                () -> {
                    var _ = context.close();
                };
        var _ = context.channel().eventLoop().schedule(end, LINGER_SECONDS, TimeUnit.SECONDS);
        ChannelFuture written = context.writeAndFlush(Unpooled.wrappedBuffer(ANSWER));
        written.addListener(_ -> linger(context, written.isSuccess()));
    }

    private static void linger(ChannelHandlerContext context, boolean answered) {
        if (answered && context.channel() instanceof DuplexChannel duplex) {
            ChannelFuture ended = duplex.shutdownOutput();
            ended.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            context.read();
        } else {
            var _ = context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        ReferenceCountUtil.release(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            var _ = context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close(); // It was gone before the answer.
    }
}
