package dev.sameport.linux;

import java.net.InetSocketAddress;

/// A flow that conntrack knows.
///
/// @param protocol the IP protocol number: 6 TCP, 17 UDP
/// @param original the direction in which it began, as the client sees it
/// @param reply the direction of the answers, before they are translated: its source is the
///   endpoint
/// @param mark the connection mark
/// @param id the kernel's number for the flow, which is not unique over time
public record Flow(int protocol, Tuple original, Tuple reply, int mark, int id) {
    /// One direction of a flow; the ports are 0 in protocols without ports.
    public record Tuple(InetSocketAddress source, InetSocketAddress destination) {}
}
