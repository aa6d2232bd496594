package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.l4.Door;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// HTTP on one published port: its options and its lanes, one for each event loop. Any thread.
final class HttpPort {
    private final HttpShared shared;
    private final Door door;
    private final HttpOptions options;
    private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
    private final Set<ClientConnection> clients = ConcurrentHashMap.newKeySet();
    private final AtomicInteger held = new AtomicInteger();

    HttpPort(HttpShared shared, Door door, HttpOptions options) {
        this.shared = shared;
        this.door = door;
        this.options = options;
    }

    HttpShared shared() {
        return shared;
    }

    Door door() {
        return door;
    }

    HttpOptions options() {
        return options;
    }

    /// The lane of one event loop.
    Lane lane(EventLoop loop) {
        Lane lane = lanes.get(loop);
        return lane != null ? lane : lanes.computeIfAbsent(loop, this::open);
    }

    private Lane open(EventLoop loop) {
        Lane lane = new Lane(shared.state(loop), this);
        door.hold(lane); // For good: it wants to hear of every table.
        return lane;
    }

    /// What all lanes have counted.
    void count(HttpCounts.Sum sum) {
        lanes.values().forEach(lane -> lane.meters.add(sum));
    }

    /// Takes a place for a request that waits for an endpoint; false when all are taken.
    boolean enterHold() {
        if (held.incrementAndGet() <= options.held()) {
            return true;
        }
        held.decrementAndGet();
        return false;
    }

    void leaveHold() {
        held.decrementAndGet();
    }

    /// Requests that wait for an endpoint now.
    int held() {
        return held.get();
    }

    /// Whether the port passes to a successor, so that connections should end after an answer.
    boolean finishing() {
        return shared.finishing();
    }

    void track(ClientConnection client) {
        clients.add(client);
    }

    void untrack(ClientConnection client) {
        clients.remove(client);
    }

    /// Client connections that are open now.
    int clients() {
        return clients.size();
    }
}
