package dev.sameport.plane.proxy.l4;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How much may be held at one time, all ports together. Any thread.
public final class HoldLimit {
    private final int mostConnections;
    private final long mostBytes;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /// Limits of 0 or more.
    public HoldLimit(int mostConnections, long mostBytes) {
        this.mostConnections = mostConnections;
        this.mostBytes = mostBytes;
    }

    /// Takes a place for one connection (or request); false when all are taken.
    public boolean enter() {
        if (connections.incrementAndGet() <= mostConnections) {
            return true;
        }
        connections.decrementAndGet();
        return false;
    }

    /// Gives the place back.
    public void leave() {
        connections.decrementAndGet();
    }

    /// Takes room for bytes that a client sent before it had an endpoint; false when there is none.
    public boolean store(int count) {
        if (bytes.addAndGet(count) <= mostBytes) {
            return true;
        }
        bytes.addAndGet(-count);
        return false;
    }

    /// Gives the room back.
    public void unstore(int count) {
        bytes.addAndGet(-count);
    }

    /// Places that are taken now.
    public int connections() {
        return connections.get();
    }
}
