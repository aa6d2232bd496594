package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.Upstream;
import io.netty.channel.EventLoop;
import java.util.IdentityHashMap;
import java.util.Objects;

/// What HTTP on all published ports has in common. Any thread.
final class HttpShared {
    private final EventLoops loops;
    private final Upstream upstream;
    private final TlsPorts tls;
    private final CookieKey cookieKey;
    private final IdentityHashMap<EventLoop, LoopState> states = new IdentityHashMap<>();
    private volatile boolean finishing;

    HttpShared(EventLoops loops, Upstream upstream, TlsPorts tls, CookieKey cookieKey) {
        this.tls = tls;
        this.cookieKey = cookieKey;
        this.loops = loops;
        this.upstream = upstream;
        for (EventLoop loop : loops.all()) {
            states.put(loop, new LoopState(loop));
        }
    }

    EventLoops loops() {
        return loops;
    }

    TlsPorts tls() {
        return tls;
    }

    CookieKey cookieKey() {
        return cookieKey;
    }

    Upstream upstream() {
        return upstream;
    }

    LoopState state(EventLoop loop) {
        return Objects.requireNonNull(states.get(loop), "not an event loop of ours");
    }

    /// From now on every answer is the last one of its connection.
    void finish() {
        finishing = true;
    }

    boolean finishing() {
        return finishing;
    }
}
