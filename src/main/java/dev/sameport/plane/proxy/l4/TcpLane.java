package dev.sameport.plane.proxy.l4;

import dev.sameport.model.EndpointId;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
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

    /// The relays to one endpoint of the table that holds now.
    EndpointRelays to(PortTable.Row row) {
        EndpointId id = row.endpoint().id();
        EndpointRelays relays = byEndpoint.get(id);
        if (relays == null) {
            relays = new EndpointRelays(loop, row.tally());
            byEndpoint.put(id, relays);
        }
        return relays;
    }

    /// There is a new table. Relays to endpoints that drain, are dead or are gone from it end by
    /// the service's drain.
    void refresh() {
        PortTable table = door.table();
        Set<EndpointId> staying = table.staying();
        Duration drain = table.service().policies().drain();
        for (Iterator<Map.Entry<EndpointId, EndpointRelays>> each =
                        byEndpoint.entrySet().iterator();
                each.hasNext(); ) {
            Map.Entry<EndpointId, EndpointRelays> entry = each.next();
            if (entry.getValue().isEmpty()) {
                entry.getValue().stay();
                each.remove();
            } else if (staying.contains(entry.getKey())) {
                entry.getValue().stay();
            } else {
                entry.getValue().leave(drain);
            }
        }
    }
}
