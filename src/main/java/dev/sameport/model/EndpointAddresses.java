package dev.sameport.model;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where an endpoint listens: one address of each family at most, at least one in all, and the
/// port.
public record EndpointAddresses(
        @Nullable Inet4Address ipv4, @Nullable Inet6Address ipv6, int port) {
    public EndpointAddresses {
        Ports.check("endpoint port", port);
        if (ipv4 == null && ipv6 == null) {
            throw new IllegalArgumentException("endpoint with port " + port + " has no address");
        }
    }

    /// From one socket address of either family.
    public static EndpointAddresses of(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return ip instanceof Inet4Address four
                ? new EndpointAddresses(four, null, address.getPort())
                : new EndpointAddresses(null, (Inet6Address) ip, address.getPort());
    }

    /// The address of this family, or null.
    public @Nullable InetSocketAddress of(Family family) {
        InetAddress address = family == Family.IPV4 ? ipv4 : ipv6;
        return address == null ? null : new InetSocketAddress(address, port);
    }

    /// The one to connect to: IPv4 where there is one.
    public InetSocketAddress preferred() {
        InetAddress address = ipv4 != null ? ipv4 : ipv6;
        return new InetSocketAddress(java.util.Objects.requireNonNull(address), port);
    }

    /// Every address, IPv4 first.
    public List<InetSocketAddress> all() {
        List<InetSocketAddress> all = new ArrayList<>(2);
        for (Family family : Family.values()) {
            InetSocketAddress address = of(family);
            if (address != null) {
                all.add(address);
            }
        }
        return all;
    }

    /// `198.18.0.2:80`, with `+[fd00::2]` where there are two.
    @Override
    public String toString() {
        List<InetSocketAddress> all = all();
        return Addresses.text(all.getFirst())
                + (all.size() > 1 ? "+" + Addresses.text(all.getLast().getAddress()) : "");
    }
}
