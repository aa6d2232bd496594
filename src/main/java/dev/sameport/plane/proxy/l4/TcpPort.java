package dev.sameport.plane.proxy.l4;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The relays of one published port: its lanes, one for each event loop. Any thread.
final class TcpPort implements Waiting {
    private final Door door;
    private final ListenerShared shared;
    private final Map<EventLoop, TcpLane> lanes = new ConcurrentHashMap<>();

    private TcpPort(Door door, ListenerShared shared) {
        this.door = door;
        this.shared = shared;
    }

    static TcpPort open(Door door, ListenerShared shared) {
        TcpPort port = new TcpPort(door, shared);
        door.hold(port); // For good: it wants to hear of every table.
        return port;
    }

    /// The lane of one event loop, to be used there.
    TcpLane lane(EventLoop loop) {
        TcpLane lane = lanes.get(loop);
        return lane != null
                ? lane
                : lanes.computeIfAbsent(loop, it -> new TcpLane(it, door, shared));
    }

    @Override
    public void wake() {
        lanes.forEach((loop, lane) -> loop.execute(lane::refresh));
    }
}
