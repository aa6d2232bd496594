package dev.sameport.plane.proxy.l4;

import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// One published port on one event loop: its relays by endpoint. Confined to the event loop.
final class TcpLane {
    private final EventLoop loop;
    private final Door door;
    private final ListenerShared shared;
    private final Map<EndpointId, EndpointRelays> byEndpoint = new HashMap<>();

    TcpLane(EventLoop loop, Door door, ListenerShared shared) {
        this.loop = loop;
        this.door = door;
        this.shared = shared;
    }

    Door door() {
        return door;
    }

    ListenerShared shared() {
        return shared;
    }

    /// The relays to one endpoint of a table that holds now.
    EndpointRelays to(PortTable.Row row, Duration drain) {
        EndpointId id = row.endpoint().id();
        EndpointRelays relays = byEndpoint.get(id);
        if (relays == null) {
            relays = new EndpointRelays(loop, row.tally(), drain);
            byEndpoint.put(id, relays);
        }
        return relays;
    }

    /// There is a new table. Relays to endpoints that drain, are dead or are gone from it end by
    /// the service's drain.
    void refresh() {
        Set<EndpointId> staying = new HashSet<>();
        for (PortTable table : door.tables()) {
            for (Endpoint endpoint : table.source().endpoints()) {
                refresh(table, endpoint, staying);
            }
        }
        byEndpoint.values().removeIf(EndpointRelays::forget);
        byEndpoint.forEach((endpoint, relays) -> {
            if (staying.contains(endpoint)) {
                relays.stay();
            } else {
                relays.leave();
            }
        });
    }

    private void refresh(PortTable table, Endpoint endpoint, Set<EndpointId> staying) {
        switch (endpoint.phase()) {
            case STARTING, READY, UNHEALTHY, PAUSED -> staying.add(endpoint.id());
            case DRAINING, GONE -> {}
        }
        EndpointRelays relays = byEndpoint.get(endpoint.id());
        if (relays != null) {
            relays.setDrain(table.service().policies().drain());
        }
    }
}
