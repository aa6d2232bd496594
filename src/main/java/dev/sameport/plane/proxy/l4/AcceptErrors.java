package dev.sameport.plane.proxy.l4;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/// Stops accepting for a moment when accept fails (no file descriptors left, most often), and says
/// so once until it works again. One per listening socket; confined to its event loop.
final class AcceptErrors extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(AcceptErrors.class.getName());
    private static final long PAUSE_MILLIS = 100;

    private final String published;
    private boolean failing;

    AcceptErrors(String published) {
        this.published = published;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.channel().config().setAutoRead(false);
        var _ =
                context.executor()
                        .schedule(() -> resume(context), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        if (!failing) {
            failing = true;
            LOG.log(
                    Level.WARNING,
                    "accept failed port={0} error=\"{1}\" retry_ms={2}",
                    published,
                    cause.getMessage(),
                    PAUSE_MILLIS);
        }
    }

    private static void resume(ChannelHandlerContext context) {
        if (context.channel().isOpen()) {
            context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        if (failing) {
            failing = false;
            LOG.log(Level.INFO, "accept works again port={0}", published);
        }
        context.fireChannelRead(accepted);
    }
}
