package dev.sameport.plane.nat;

import dev.sameport.linux.Conntrack;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.NetworkNamespace;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;

/// Deletes the ended flows (TIME_WAIT) of endpoints that left, in the background, for they are
/// many.
///
/// They harm nobody, but for the engine: it deletes what it finds of a gone container by the
/// client's side of the flow alone, and where a client has used its port again meanwhile, that is a
/// living flow to another endpoint, which then hangs. So they have to go before it looks.
///
/// Any thread may call.
final class EndedFlows {
    private static final System.Logger LOG = System.getLogger(EndedFlows.class.getName());
    private static final int TCP = 6;

    private final NetworkNamespace host;
    // guarded by this
    private final Set<InetSocketAddress> waiting = new HashSet<>();
    private boolean working;

    EndedFlows(NetworkNamespace host) {
        this.host = host;
    }

    /// Most of them when the endpoint leaves the rules, the rest when it is gone.
    ///
    /// @throws LinuxException when conntrack can't be asked
    synchronized void forget(Set<InetSocketAddress> left) {
        waiting.addAll(left);
        if (!working) {
            Conntrack conntrack = host.call(() -> Conntrack.open());
            working = true;
            Thread.ofPlatform().name("ended-flows").daemon(true).start(() -> work(conntrack));
        }
    }

    /// Until none waits: many changes in a row are few walks of the kernel's table.
    private void work(Conntrack conntrack) {
        try (conntrack) {
            for (Set<InetSocketAddress> next = take(); !next.isEmpty(); next = take()) {
                delete(conntrack, next);
            }
        }
    }

    private static void delete(Conntrack conntrack, Set<InetSocketAddress> left) {
        try {
            conntrack.deleteEndedRepliesFrom(left, TCP);
        } catch (LinuxException refusal) {
            LOG.log(Level.WARNING, "nat ended-flows=kept reason={0}", refusal.getMessage());
        }
    }

    private synchronized Set<InetSocketAddress> take() {
        Set<InetSocketAddress> taken = Set.copyOf(waiting);
        waiting.clear();
        working = !taken.isEmpty();
        return taken;
    }
}
