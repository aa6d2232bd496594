package dev.sameport.plane.proxy;

import dev.sameport.plane.Support;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The threads that own the sockets of listeners, relays and probes, and what their sockets can do
/// on this machine.
///
/// All threads run when `open` returns, so sockets made by them belong to the network namespace of
/// the thread that called it.
public final class EventLoops implements AutoCloseable {
    /// SO_MARK (socket(7)): SOL_SOCKET, 36; takes CAP_NET_ADMIN.
    static final IntegerUnixChannelOption MARK = new IntegerUnixChannelOption("SO_MARK", 1, 36);

    private static final int MOST_THREADS_BY_DEFAULT = 4;
    private static final int TRIAL_MARK = 1;

    private final Transport transport;
    private final EventLoopGroup group;
    private final List<EventLoop> loops;
    private final boolean ipv6;
    private final boolean marks;

    private EventLoops(Transport transport, int threads) {
        this.transport = transport;
        this.group =
                new MultiThreadIoEventLoopGroup(
                        threads, new DefaultThreadFactory("loop", true), transport.handlers());
        this.loops = start(group);
        this.ipv6 = canOpenIpv6(transport);
        this.marks = canMark(transport);
    }

    /// As many threads as processors, 4 at most.
    public static int defaultThreads() {
        return Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS_BY_DEFAULT);
    }

    /// Starts `threads` (1 or more) on the best transport for relays that runs here.
    public static EventLoops open(int threads) {
        return open(Transport.forRelay(), threads);
    }

    /// Starts `threads` (1 or more) on this transport.
    public static EventLoops open(Transport transport, int threads) {
        return new EventLoops(transport, threads);
    }

    private static List<EventLoop> start(EventLoopGroup group) {
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor executor : group) {
            executor.submit(() -> {}).syncUninterruptibly();
            loops.add((EventLoop) executor);
        }
        return List.copyOf(loops);
    }

    private static boolean canOpenIpv6(Transport transport) {
        // Sockets of io_uring are of the family that is there, so they can't tell.
        Transport asked = transport == Transport.IO_URING ? Transport.NIO : transport;
        try {
            close(asked.listeners(SocketProtocolFamily.INET6).newChannel());
            return true;
        } catch (ChannelException | UnsupportedOperationException _) {
            return false; // ipv6.disable=1: there are no IPv6 sockets at all.
        }
    }

    private static boolean canMark(Transport transport) {
        if (transport == Transport.NIO) {
            return false;
        }
        Channel trial = transport.sockets(SocketProtocolFamily.INET).newChannel();
        try {
            return trial.config().setOption(MARK, TRIAL_MARK);
        } catch (ChannelException _) {
            return false; // EPERM: no CAP_NET_ADMIN.
        } finally {
            close(trial);
        }
    }

    private static void close(Channel unregistered) {
        unregistered.unsafe().closeForcibly();
    }

    /// How the threads wait for sockets.
    public Transport transport() {
        return transport;
    }

    /// The threads.
    public EventLoopGroup group() {
        return group;
    }

    /// The threads, one by one.
    public List<EventLoop> all() {
        return loops;
    }

    /// Whether IPv6 sockets can be made.
    public boolean ipv6() {
        return ipv6;
    }

    /// Whether sockets can carry a mark.
    public boolean marks() {
        return marks;
    }

    /// What the proxy plane has here. It can always run; `detail` says how, and why not better.
    public Support support() {
        StringBuilder how = new StringBuilder(transport.text());
        for (Transport better : Transport.values()) {
            String obstacle = better.obstacle();
            if (better.compareTo(transport) < 0 && obstacle != null) {
                how.append(" (no ").append(better.text()).append(": ").append(obstacle).append(')');
            }
        }
        return new Support("proxy", how + ", event loops: " + loops.size(), null);
    }

    /// Closes every socket that is left and ends the threads.
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
