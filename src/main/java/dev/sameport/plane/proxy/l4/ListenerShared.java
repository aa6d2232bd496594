package dev.sameport.plane.proxy.l4;

import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.Upstream;
import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the listeners of all ports have in common. Any thread.
///
/// @param open the clients' connections, waiting or relayed
record ListenerShared(
        EventLoops loops,
        Upstream upstream,
        ListenerOptions options,
        HoldLimit limit,
        Set<Channel> open) {

    static ListenerShared of(EventLoops loops, ListenerOptions options) {
        return new ListenerShared(
                loops,
                new Upstream(loops, options.mark(), options.sockets()),
                options,
                new HoldLimit(options.mostHeld(), options.mostEarlyBytes()),
                ConcurrentHashMap.newKeySet());
    }

    void track(Channel downstream) {
        open.add(downstream);
        downstream.closeFuture().addListener(_ -> open.remove(downstream));
    }
}
