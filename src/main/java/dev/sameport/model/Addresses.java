package dev.sameport.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// How addresses are written for people: IPv6 in brackets, no zone, no host name.
public final class Addresses {
    private Addresses() {}

    /// `198.18.0.2` or `[fd00::2]`.
    public static String text(InetAddress address) {
        String plain = plain(address);
        return address instanceof Inet6Address ? "[" + plain + "]" : plain;
    }

    /// `198.18.0.2` or `fd00:0:0:0:0:0:0:2`, without brackets or zone.
    public static String plain(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /// `198.18.0.2:80` or `[fd00::2]:80`.
    public static String text(InetSocketAddress address) {
        return text(address.getAddress()) + ":" + address.getPort();
    }
}
