package dev.sameport.model;

/// `sameport.balance`: how an endpoint is chosen for a new connection.
public enum Balance {
    RANDOM,
    ROUNDROBIN,
    LEASTCONN,
    HASH
}
