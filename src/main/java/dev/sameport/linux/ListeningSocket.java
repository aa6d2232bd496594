package dev.sameport.linux;

import java.net.Inet6Address;
import java.net.InetAddress;

/// A TCP socket that listens, as the kernel sees it; whose it is, [SocketDiagnostics#ownerOf]
/// tells.
///
/// @param address the local address, `0.0.0.0` or `::` for any
/// @param port 1–65535
/// @param ipv6 whether it is an IPv6 socket, which may serve IPv4 as well
/// @param v6Only whether an IPv6 socket serves IPv6 alone; false for an IPv4 socket
/// @param boundInterface the interface to which it is bound (SO_BINDTODEVICE); 0 for any
/// @param inode the number by which `/proc/PID/fd` shows it
/// @param uid the user id of its owner
/// @param cookie the number by which the kernel knows it, as maps of sockets show it
public record ListeningSocket(
        InetAddress address,
        int port,
        boolean ipv6,
        boolean v6Only,
        int boundInterface,
        long inode,
        int uid,
        long cookie) {
    /// Tells whether a connection to `destination` at this port may arrive here, the interface
    /// apart.
    public boolean serves(InetAddress destination) {
        boolean toIpv6 = destination instanceof Inet6Address;
        if (!address.isAnyLocalAddress()) {
            return address.equals(destination);
        }
        return toIpv6 ? ipv6 : !v6Only;
    }
}
