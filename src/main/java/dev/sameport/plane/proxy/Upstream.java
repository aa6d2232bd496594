package dev.sameport.plane.proxy;

import dev.sameport.health.Dialer;
import dev.sameport.model.Family;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;

/// Makes our sockets to endpoints: marked, so that the kernel's dispatch lets them pass.
public final class Upstream implements Dialer {
    private final EventLoops loops;
    // filled by the constructor, then only read
    private final IdentityHashMap<EventLoop, Map<Family, Bootstrap>> bootstraps =
            new IdentityHashMap<>();

    /// Sockets with these options.
    ///
    /// @param mark SO_MARK of every socket; 0 sets none, as does a machine on which we may not
    public Upstream(EventLoops loops, int mark, SocketOptions options) {
        this.loops = loops;
        for (EventLoop loop : loops.all()) {
            Map<Family, Bootstrap> families = new EnumMap<>(Family.class);
            for (Family family : Family.values()) {
                families.put(family, bootstrap(loop, family, mark, options));
            }
            bootstraps.put(loop, families);
        }
    }

    private Bootstrap bootstrap(EventLoop loop, Family family, int mark, SocketOptions options) {
        SocketProtocolFamily protocol =
                switch (family) {
                    case IPV4 -> SocketProtocolFamily.INET;
                    case IPV6 -> SocketProtocolFamily.INET6;
                };
        Bootstrap bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channelFactory(loops.transport().sockets(protocol))
                        .handler(new Nothing());
        options.forEach(bootstrap::option);
        SocketOptions.forEachKeepalive(loops.transport(), bootstrap::option);
        if (mark != 0 && loops.marks()) {
            bootstrap.option(EventLoops.MARK, mark);
        }
        return bootstrap;
    }

    @Override
    public EventLoop next() {
        return loops.group().next();
    }

    @Override
    public ChannelFuture dial(EventLoop loop, InetSocketAddress address, Duration timeout) {
        ChannelFuture registered = bootstrapOf(loop, Family.of(address.getAddress())).register();
        if (registered.cause() != null) {
            return registered; // No file descriptor left, or no IPv6.
        }
        Channel channel = registered.channel();
        channel.config().setConnectTimeoutMillis(Math.toIntExact(timeout.toMillis()));
        return channel.connect(address).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    private Bootstrap bootstrapOf(EventLoop loop, Family family) {
        Map<Family, Bootstrap> families = bootstraps.get(loop);
        Bootstrap bootstrap = families == null ? null : families.get(family);
        if (bootstrap == null) {
            throw new IllegalArgumentException("event loop " + loop + " is not one of ours");
        }
        return bootstrap;
    }

    /// A bootstrap wants a handler; ours comes when the connection is there.
    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
