package dev.sameport.model;

/// `sameport.mode`: which plane a service asks for. `AUTO` takes nat where it serves, else the
/// proxy.
public enum Mode {
    AUTO,
    NAT,
    REUSEPORT,
    PROXY
}
