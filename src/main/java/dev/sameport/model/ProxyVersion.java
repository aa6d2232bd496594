package dev.sameport.model;

/// `sameport.proxy-protocol`: which form of PROXY header an endpoint gets before a client's first
/// byte.
public enum ProxyVersion {
    /// One line of text.
    V1,
    /// Binary.
    V2
}
