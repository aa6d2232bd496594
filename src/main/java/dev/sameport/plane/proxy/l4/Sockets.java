package dev.sameport.plane.proxy.l4;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.UnixChannel;
import java.nio.ByteBuffer;

/// What is done to a TCP socket beyond reading and writing. Called on the channel's event loop.
public final class Sockets {
    /// IPPROTO_TCP, TCP_INFO (tcp(7)); the first byte of struct tcp_info is the state.
    private static final RawUnixChannelOption TCP_STATE =
            new RawUnixChannelOption("TCP_INFO", 6, 11, Integer.BYTES);

    /// tcp_states.h
    private static final int TCP_CLOSE = 7;

    private Sockets() {}

    /// Closes with a reset instead of an orderly end; bytes not yet sent are lost.
    public static void reset(Channel channel) {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException _) {
            // The kernel already ended the connection: nothing is left to reset.
        }
        var _ = channel.close();
    }

    /// Whether the kernel ended the connection (a reset or a timeout), looked up without reading.
    ///
    /// Netty's epoll transport doesn't tell once the input has ended: it is woken again and again
    /// by EPOLLERR and EPOLLHUP and drops them. The JDK's selector is not woken; there it is seen
    /// at the next write.
    static boolean dead(Channel channel) {
        if (!(channel instanceof UnixChannel)) {
            return false;
        }
        try {
            ByteBuffer state = channel.config().getOption(TCP_STATE);
            return state.get(0) == TCP_CLOSE;
        } catch (ChannelException _) {
            return true;
        }
    }
}
