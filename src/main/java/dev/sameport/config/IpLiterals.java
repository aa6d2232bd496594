package dev.sameport.config;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/// IP addresses as people write them in labels, read without ever asking a name server.
final class IpLiterals {
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private IpLiterals() {}

    /// Four decimal numbers; a leading zero is refused because some programs read it as octal.
    static InetAddress ipv4(String text) {
        if (IPV4.matcher(text).matches()) {
            try {
                return usable(text, Inet4Address.ofLiteral(text));
            } catch (BadValue e) {
                throw e;
            } catch (IllegalArgumentException _) {
                // A number above 255: said below.
            }
        }
        throw new BadValue(
                "address " + Escaped.quoted(text) + " is not an IP address",
                "write one such as 127.0.0.1 or [::1], not a name");
    }

    /// An IPv6 address without brackets and without a zone.
    static InetAddress ipv6(String text) {
        if (IPV6.matcher(text).matches() && text.indexOf(':') >= 0) {
            InetAddress address = ipv6OrMapped(text);
            if (address instanceof Inet6Address) {
                return usable(text, address);
            }
            throw new BadValue(
                    "address [" + text + "] is an IPv4 address in disguise",
                    "write " + address.getHostAddress());
        }
        throw notIpv6(text);
    }

    private static InetAddress ipv6OrMapped(String text) {
        try {
            return Inet6Address.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            throw notIpv6(text);
        }
    }

    private static BadValue notIpv6(String text) {
        return new BadValue(
                Escaped.quoted(text) + " in brackets is not an IPv6 address",
                "write one such as [::1], without a zone");
    }

    private static InetAddress usable(String text, InetAddress address) {
        if (address.isMulticastAddress() || text.equals("255.255.255.255")) {
            throw new BadValue(
                    "address " + text + " is a multicast or broadcast address",
                    "write an address of this host");
        }
        if (address.isLinkLocalAddress() && address instanceof Inet6Address) {
            throw new BadValue(
                    "address [" + text + "] is link-local and means nothing without an interface",
                    "write a global address of this host");
        }
        return address;
    }
}
