package dev.sameport.model;

import java.time.Duration;

/// `sameport.affinity`: whether one client keeps its endpoint.
public sealed interface Affinity {
    /// Every connection is chosen afresh.
    record None() implements Affinity {}

    /// By the client's address; `duration` is how long it is remembered, zero where the plane
    /// derives it by hash.
    record ClientIp(Duration duration) implements Affinity {}

    /// By a cookie of this name (HTTP only).
    record Cookie(String name) implements Affinity {}
}
