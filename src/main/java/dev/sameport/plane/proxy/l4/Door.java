package dev.sameport.plane.proxy.l4;

import dev.sameport.model.PublishedPort;

/// One published port, as those see it who serve its clients. Any thread.
public interface Door {
    /// Which port.
    PublishedPort published();

    /// What happens to new connections (or requests) now. Ask again for each: it is swapped as a
    /// whole when anything changes.
    PortTable table();

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
