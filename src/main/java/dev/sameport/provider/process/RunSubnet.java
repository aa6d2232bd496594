package dev.sameport.provider.process;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// The addresses that replicas of `run` get: a private IPv4 range and an IPv6 one, the first
/// address of each being the bridge's.
///
/// @param base the range's first address, such as 198.19.240.0
/// @param prefix its length, 16–29
public record RunSubnet(Inet4Address base, int prefix) {
    /// `sameport` in ASCII, behind fd: unique enough, and private (RFC 4193).
    private static final byte[] IPV6_PREFIX = {
        (byte) 0xfd, 0x73, 0x61, 0x6d, 0x65, 0x70, 0x6f, 0x72, 0, 0, 0, 0, 0, 0, 0, 0
    };

    public RunSubnet {
        if (prefix < 16 || prefix > 29) {
            throw new IllegalArgumentException("run subnet prefix " + prefix + " is outside 16–29");
        }
        int host = toInt(base) & ((1 << (32 - prefix)) - 1);
        if (host != 0) {
            throw new IllegalArgumentException(
                    "run subnet " + base.getHostAddress() + "/" + prefix + " has host bits set");
        }
    }

    /// 198.19.240.0/22: of the range that RFC 2544 keeps for laboratories, so nothing routes there.
    public static RunSubnet standard() {
        return parse("198.19.240.0/22");
    }

    /// Reads `198.19.240.0/22`.
    public static RunSubnet parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 2
                || !parts[0].matches("[0-9.]{7,15}")
                || !parts[1].matches("[0-9]{1,2}")) {
            throw new IllegalArgumentException(
                    "run subnet '" + text + "' is not of the form 198.19.240.0/22");
        }
        try {
            return new RunSubnet(
                    (Inet4Address) InetAddress.getByName(parts[0]), Integer.parseInt(parts[1]));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "run subnet '" + text + "' is not of the form 198.19.240.0/22", e);
        }
    }

    /// How many replicas fit.
    public int capacity() {
        return (1 << (32 - prefix)) - 3;
    }

    /// The bridge's address (index 0) or a replica's (1 …).
    public Inet4Address ipv4(int index) {
        int address = toInt(base) + 1 + index;
        byte[] bytes = {
            (byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
        };
        return (Inet4Address) byAddress(bytes);
    }

    /// The IPv6 address of the same index, in a /64.
    public Inet6Address ipv6(int index) {
        byte[] bytes = IPV6_PREFIX.clone();
        int host = 1 + index;
        bytes[14] = (byte) (host >>> 8);
        bytes[15] = (byte) host;
        return (Inet6Address) byAddress(bytes);
    }

    private static InetAddress byAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are an address", e);
        }
    }

    private static int toInt(Inet4Address address) {
        byte[] b = address.getAddress();
        return ((b[0] & 0xff) << 24) | ((b[1] & 0xff) << 16) | ((b[2] & 0xff) << 8) | (b[3] & 0xff);
    }
}
