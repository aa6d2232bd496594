package dev.sameport.plane.proxy.l4;

import io.netty.channel.socket.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Relays the bytes of a connection to an endpoint, whatever they are. Any thread.
final class TcpReception implements Reception {
    private final ListenerShared shared;
    private final Map<Door, TcpPort> ports = new ConcurrentHashMap<>();

    TcpReception(ListenerShared shared) {
        this.shared = shared;
    }

    @Override
    public void receive(SocketChannel downstream, Door door) {
        TcpPort port = ports.get(door);
        if (port == null) {
            port = ports.computeIfAbsent(door, it -> TcpPort.open(it, shared));
        }
        TcpLane lane = port.lane(downstream.eventLoop());
        downstream
                .pipeline()
                .addLast(
                        door.routes() == null
                                ? new Admission(lane, door, downstream)
                                : new SniEntrance(lane, downstream));
    }

    @Override
    public void released(Door door) {
        // Its relays keep what they need, and end by their deadlines.
        ports.remove(door);
    }
}
