package dev.sameport.plane.proxy.l4;

import dev.sameport.model.HostAddress;

/// A foreign socket that listens.
///
/// @param address where
/// @param owner whose it is, for people: `pid 4711 (nginx)`
public record PortHolder(HostAddress address, String owner) {}
