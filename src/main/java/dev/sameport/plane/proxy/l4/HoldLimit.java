package dev.sameport.plane.proxy.l4;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How much may be held at one time, all ports together. Any thread.
final class HoldLimit {
    private final int mostConnections;
    private final long mostBytes;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    HoldLimit(int mostConnections, long mostBytes) {
        this.mostConnections = mostConnections;
        this.mostBytes = mostBytes;
    }

    /// Takes a place for one connection; false when all are taken.
    boolean enter() {
        if (connections.incrementAndGet() <= mostConnections) {
            return true;
        }
        connections.decrementAndGet();
        return false;
    }

    /// Gives the place back.
    void leave() {
        connections.decrementAndGet();
    }

    /// Takes room for bytes that a client sent before it had an endpoint; false when there is none.
    boolean store(int count) {
        if (bytes.addAndGet(count) <= mostBytes) {
            return true;
        }
        bytes.addAndGet(-count);
        return false;
    }

    /// Gives the room back.
    void unstore(int count) {
        bytes.addAndGet(-count);
    }

    int connections() {
        return connections.get();
    }
}
