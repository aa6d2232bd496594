package dev.sameport.plane.proxy.l4;

import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.PublishedPort;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// The one socket that is exactly what a published port asks for.
///
/// @param family the socket's own family
/// @param ipv6Only whether an IPv6 socket leaves IPv4 alone
/// @param address where it is bound
record SocketPlan(SocketProtocolFamily family, boolean ipv6Only, InetSocketAddress address) {

    /// @param hostHasIpv6 whether IPv6 sockets can be made: where not, every address of both
    ///   families is every IPv4 address
    static SocketPlan of(PublishedPort published, boolean hostHasIpv6) {
        int port = published.port();
        return switch (published.address()) {
            case HostAddress.Any _ ->
                    hostHasIpv6 ? any(Family.IPV6, false, port) : any(Family.IPV4, false, port);
            case HostAddress.AnyOf(Family family) -> any(family, family == Family.IPV6, port);
            case HostAddress.One(InetAddress address) ->
                    new SocketPlan(
                            protocol(Family.of(address)),
                            Family.of(address) == Family.IPV6,
                            new InetSocketAddress(address, port));
        };
    }

    private static SocketPlan any(Family family, boolean ipv6Only, int port) {
        return new SocketPlan(
                protocol(family), ipv6Only, new InetSocketAddress(wildcard(family), port));
    }

    private static SocketProtocolFamily protocol(Family family) {
        return switch (family) {
            case IPV4 -> SocketProtocolFamily.INET;
            case IPV6 -> SocketProtocolFamily.INET6;
        };
    }

    private static InetAddress wildcard(Family family) {
        try {
            return switch (family) {
                case IPV4 -> InetAddress.getByAddress(new byte[4]);
                case IPV6 -> InetAddress.getByAddress(new byte[16]);
            };
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    boolean isIpv6() {
        return family == SocketProtocolFamily.INET6;
    }

    boolean isWildcard() {
        return address.getAddress().isAnyLocalAddress();
    }
}
