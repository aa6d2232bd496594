package dev.sameport.plane.proxy.l4;

/// Someone who waits at a door for an endpoint.
@FunctionalInterface
public interface Waiting {
    /// There is a new table: look again. Called by any thread, so it only passes the word to its
    /// own.
    void wake();
}
