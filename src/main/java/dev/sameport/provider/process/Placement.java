package dev.sameport.provider.process;

/// How replicas are kept apart, so that each can listen on the same port.
public sealed interface Placement permits NamespacePlacement, LoopbackPlacement {
    /// Makes room for a replica. `index` is 1 or more and nobody else's.
    Place make(int index, String replica, RunRequest request);

    /// Gives the room back; does nothing where there is none.
    void remove(int index);

    /// Removes everything that any daemon of this run directory ever made.
    void sweep();

    /// How many replicas fit at once.
    int capacity();
}
