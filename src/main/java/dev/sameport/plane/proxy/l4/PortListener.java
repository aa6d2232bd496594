package dev.sameport.plane.proxy.l4;

import dev.sameport.model.PublishedPort;
import dev.sameport.plane.proxy.SocketOptions;
import dev.sameport.plane.proxy.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The listener of one published port: its socket, its table and those who wait.
///
/// The reconcile thread binds, swaps and closes; event loops read the table.
final class PortListener implements Door {
    /// IPPROTO_IPV6, IPV6_V6ONLY (ipv6(7)).
    private static final IntegerUnixChannelOption IPV6_ONLY =
            new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

    private final PublishedPort published;
    private final ListenerShared shared;

    /// Swapped as a whole by the reconcile thread.
    private volatile Offer offer;

    /// Who waits for an endpoint. Any thread.
    private final Set<Waiting> held = ConcurrentHashMap.newKeySet();

    /// Any thread.
    private final AtomicLong turns = new AtomicLong();

    /// Confined to the reconcile thread; null until bound.
    private @Nullable Channel socket;

    PortListener(PublishedPort published, ListenerShared shared, Offer offer) {
        this.published = published;
        this.shared = shared;
        this.offer = offer;
    }

    /// Who takes new connections in, and by which table.
    ///
    /// @param table that of the one service, or of the first of those that share the port
    /// @param routes null where there is one service
    record Offer(PortTable table, @Nullable SniRoutes routes, Reception reception) {
        /// For services that share the port, or one.
        static Offer of(List<PortTable> tables, Reception reception) {
            PortTable first = tables.getFirst();
            boolean shared = first.source().shared();
            return new Offer(first, shared ? new SniRoutes(tables) : null, reception);
        }

        List<PortTable> tables() {
            return routes == null ? List.of(table) : routes.tables();
        }

        /// Whether a peer at this address must say by a PROXY header whose connection it is.
        boolean trusts(InetAddress peer) {
            if (routes == null) {
                return table.tcp().trusts(peer);
            }
            return routes.tables().stream().anyMatch(each -> each.tcp().trusts(peer));
        }
    }

    /// Binds and listens; the failure, or null where it works.
    @Nullable Throwable bind(SocketPlan plan) {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(shared.loops().group())
                        .channelFactory(shared.loops().transport().listeners(plan.family()))
                        .option(ChannelOption.SO_BACKLOG, shared.options().backlog())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .handler(new AcceptErrors(published.text()))
                        .childHandler(new Entrance());
        shareable(bootstrap, plan);
        shared.options().sockets().forEach(bootstrap::childOption);
        Transport transport = shared.loops().transport();
        SocketOptions.forEachKeepalive(
                transport, transport == Transport.NIO ? bootstrap::childOption : bootstrap::option);
        ChannelFuture bound = bootstrap.bind(plan.address()).awaitUninterruptibly();
        if (bound.isSuccess()) {
            socket = bound.channel();
        }
        return bound.cause();
    }

    private void shareable(ServerBootstrap bootstrap, SocketPlan plan) {
        switch (shared.loops().transport()) {
            case IO_URING, EPOLL -> {
                bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
                if (plan.isIpv6()) {
                    bootstrap.option(IPV6_ONLY, plan.ipv6Only() ? 1 : 0);
                }
            }
            case NIO ->
                    bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
    }

    @Override
    public PublishedPort published() {
        return published;
    }

    @Override
    public PortTable table() {
        return offer.table();
    }

    @Override
    public @Nullable SniRoutes routes() {
        return offer.routes();
    }

    @Override
    public HoldLimit limit() {
        return shared.limit();
    }

    /// What holds now.
    Offer offer() {
        return offer;
    }

    /// From now on new connections, and those that wait, go by `next`.
    void swap(Offer next) {
        offer = next;
        held.forEach(Waiting::wake);
    }

    /// From now on nobody gets in any more.
    void refuse() {
        Offer last = offer;
        swap(new Offer(last.table().refusing(), null, last.reception()));
        last.reception().released(this);
    }

    @Override
    public void hold(Waiting waiting) {
        held.add(waiting);
    }

    @Override
    public void unhold(Waiting waiting) {
        held.remove(waiting);
    }

    @Override
    public long nextTurn() {
        return turns.getAndIncrement();
    }

    /// Accepts no more; returns when the socket is closed. What is relayed goes on, and so does
    /// what waits.
    void close() {
        if (socket != null) {
            socket.close().awaitUninterruptibly();
            socket = null;
        }
    }

    /// Where a connection begins.
    private final class Entrance extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel downstream) {
            shared.track(downstream);
            Offer now = offer;
            if (now.trusts(downstream.remoteAddress().getAddress())) {
                downstream
                        .pipeline()
                        .addLast(new ProxyEntrance(downstream, PortListener.this, now.reception()));
            } else {
                now.reception().receive(downstream, PortListener.this);
            }
        }
    }
}
