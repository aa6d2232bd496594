package dev.sameport.model;

/// Where an endpoint is in its life: `starting → ready → draining → gone`, with `unhealthy` and
/// `paused` aside.
public enum Phase {
    STARTING,
    READY,
    UNHEALTHY,
    PAUSED,
    DRAINING,
    GONE
}
