package dev.sameport.health;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;

/// Opens sockets to endpoints the way that the planes let pass (with their mark).
public interface Dialer {
    /// The event loop on which the next endpoint's probes should run; takes turns. Any thread.
    EventLoop next();

    /// Starts to connect, without reading; called on `loop`. When the future fails, after `timeout`
    /// at the latest, the socket is closed.
    ChannelFuture dial(EventLoop loop, InetSocketAddress address, Duration timeout);

    /// Whether a connection found nobody but its own socket: an attempt to a local port on which
    /// nobody listens can be given that very port as its source, and then TCP connects it to
    /// itself.
    static boolean reachedItself(Channel channel) {
        return channel.localAddress() != null
                && channel.localAddress().equals(channel.remoteAddress());
    }
}
