package dev.sameport.linux;

import java.net.InetAddress;

/// A default route.
///
/// @param gateway the next hop, whose family is the route's; the unspecified address if the
///   destinations are on the link itself
/// @param interfaceIndex where it leads
/// @param metric lower is preferred
/// @param table the routing table, 254 being `main`
/// @param advertised whether a router advertisement brought it
public record Route(
        InetAddress gateway, int interfaceIndex, int metric, int table, boolean advertised) {}
