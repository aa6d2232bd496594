package dev.sameport.plane.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// A connection until its ClientHello is there, which says whose certificate it wants. Then a
/// handler of TLS takes its place.
final class TlsEntrance extends AbstractSniHandler<SslHandler> {
    /// A post-quantum key share takes 1.2 KiB; nobody needs 16.
    private static final int LONGEST_HELLO = 16 << 10;

    private final TlsTermination termination;
    private final ByteBufAllocator allocator;
    private boolean begun;

    TlsEntrance(TlsTermination termination, ByteBufAllocator allocator) {
        super(LONGEST_HELLO, Contexts.HANDSHAKE_TIMEOUT.toMillis());
        this.termination = termination;
        this.allocator = allocator;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Exception {
        super.handlerAdded(context);
        readFirst(context);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        super.channelActive(context);
        readFirst(context);
    }

    private static void readFirst(ChannelHandlerContext context) {
        if (context.channel().isActive() && !context.channel().config().isAutoRead()) {
            context.read();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
            throws Exception {
        if (!begun && in.isReadable()) {
            begun = true;
            if (PlainHttp.begins(in.getByte(in.readerIndex()))) {
                PlainHttp.refuse(context, this, in);
                return;
            }
        }
        super.decode(context, in, out);
    }

    @Override
    protected Future<SslHandler> lookup(
            ChannelHandlerContext context, @Nullable String serverName) {
        SslHandler handler = termination.newHandler(serverName, allocator);
        return handler == null
                ? context.executor()
                        .newFailedFuture(new SSLException("no certificate is there to be shown"))
                : context.executor().newSucceededFuture(handler);
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext context, @Nullable String serverName, Future<SslHandler> found)
            throws Exception {
        if (!found.isSuccess()) {
            throw new SSLException(found.cause());
        }
        if (serverName != null) {
            context.channel().attr(TlsTermination.SERVER_NAME).set(serverName);
        }
        context.pipeline().replace(this, null, found.getNow());
    }
}
