package dev.sameport.plane.proxy.http;

import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Phase;
import dev.sameport.plane.proxy.l4.PortTable;
import dev.sameport.plane.proxy.l4.Tally;
import dev.sameport.plane.proxy.l4.Waiting;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;

/// One published port on one event loop: the pools to its endpoints, its retry budget, its meters.
/// Confined to the event loop, but for `wake`.
final class Lane implements Waiting {
    final LoopState loop;
    final HttpPort port;
    final RetryBudget budget;
    final LaneMeters meters;

    private final IdentityHashMap<Tally, OriginPool> pools = new IdentityHashMap<>();

    Lane(LoopState loop, HttpPort port) {
        this.loop = loop;
        this.port = port;
        this.budget = new RetryBudget(() -> port.options().retryPercent());
        this.meters = new LaneMeters(port);
    }

    /// The connections to one endpoint.
    OriginPool pool(PortTable.Row row) {
        OriginPool pool = pools.get(row.tally());
        if (pool == null) {
            pool = new OriginPool(this, row);
            pools.put(row.tally(), pool);
        }
        return pool;
    }

    /// The connections to one endpoint that this event loop may have: its share of the limit.
    int mostConnections() {
        int loops = port.shared().loops().all().size();
        return Math.max(1, (port.options().connections() + loops - 1) / loops);
    }

    /// The port's table changed. Any thread.
    @Override
    public void wake() {
        loop.loop.execute(() -> {
            refresh();
            loop.flush();
        });
    }

    /// Lets go of endpoints that are no longer given requests.
    private void refresh() {
        PortTable table = port.door().table();
        Set<Tally> serving = new HashSet<>();
        table.rows().forEach(row -> serving.add(row.tally()));
        Set<EndpointId> draining = new HashSet<>();
        for (Endpoint endpoint : table.source().endpoints()) {
            if (endpoint.phase() == Phase.DRAINING) {
                draining.add(endpoint.id());
            }
        }
        for (Iterator<OriginPool> each = pools.values().iterator(); each.hasNext(); ) {
            OriginPool pool = each.next();
            if (serving.contains(pool.row().tally())) {
                pool.revive();
            } else {
                pool.retire();
                if (!draining.contains(pool.row().endpoint().id())) {
                    pool.moveAway();
                }
                if (pool.isEmpty()) {
                    each.remove();
                }
            }
        }
    }
}
