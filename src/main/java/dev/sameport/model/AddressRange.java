package dev.sameport.model;

import java.net.InetAddress;

/// A range of addresses in CIDR form: `10.0.0.0/8`, `fd00::/8`, or one address.
///
/// @param network its first address
/// @param prefix how many leading bits are fixed: 0–32 or 0–128
public record AddressRange(InetAddress network, int prefix) {
    public AddressRange {
        int bits = 8 * network.getAddress().length;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "prefix "
                            + prefix
                            + " of "
                            + network.getHostAddress()
                            + " is outside 0–"
                            + bits);
        }
    }

    /// Whether `address` lies in it; one of the other family never does.
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += 8) {
            int mask = 0xff << Math.max(0, 8 - (prefix - bit));
            if (((mine[bit / 8] ^ other[bit / 8]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }
}
