package dev.sameport.plane.proxy.l4;

import java.util.List;

/// Tells which sockets that aren't ours listen on a port. Called from the reconcile thread.
@FunctionalInterface
public interface PortHolders {
    /// The foreign TCP sockets that listen on `port` on whatever address, those with SO_REUSEPORT
    /// included.
    List<PortHolder> foreignOn(int port);

    /// For where nobody else can be: a namespace of our own.
    static PortHolders none() {
        return _ -> List.of();
    }
}
