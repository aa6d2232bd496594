package dev.sameport.plane.proxy.l4;

import dev.sameport.model.PublishedPort;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One published port, as those see it who serve its clients. Any thread.
public interface Door {
    /// Which port.
    PublishedPort published();

    /// What happens to new connections (or requests) now. Ask again for each: it is swapped as a
    /// whole when anything changes.
    PortTable table();

    /// How services that share the port are told apart by server name; null where `table` is all
    /// there is.
    default @Nullable SniRoutes routes() {
        return null;
    }

    /// The tables of all services behind the port.
    default List<PortTable> tables() {
        SniRoutes routes = routes();
        return routes == null ? List.of(table()) : routes.tables();
    }

    /// From now on `waiting` is woken at each new table. One that was swapped in just before may
    /// have been missed: look at `table` again after this.
    void hold(Waiting waiting);

    /// Wakes `waiting` no more.
    void unhold(Waiting waiting);

    /// The number of the next connection (or request), for round robin.
    long nextTurn();

    /// The room for all that wait, at whatever door.
    HoldLimit limit();
}
