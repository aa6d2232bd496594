package dev.sameport.linux;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The reading of rtnetlink's route messages (rtnetlink(7), struct rtmsg).
final class RouteMessage {
    static final int FIXED_BYTES = 12;

    private static final int AF_INET = 2;
    private static final int RTN_UNICAST = 1;
    private static final int RTPROT_RA = 9;
    private static final int RTM_F_CLONED = 0x200;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_TABLE = 15;
    private static final int RTA_VIA = 18;
    private static final int NEXT_HOP_BYTES = 8;

    private RouteMessage() {}

    /// The routes in a message: none unless it is a default route, several if that has several next
    /// hops.
    static List<Route> defaultRoutesOf(NetlinkMessage message) {
        ByteBuffer fixed = message.fixed(FIXED_BYTES);
        boolean isDefault = fixed.get(1) == 0 && fixed.get(7) == RTN_UNICAST;
        if (!isDefault || (fixed.getInt(8) & RTM_F_CLONED) != 0) {
            return List.of();
        }
        NetlinkAttributes attributes = message.attributes(FIXED_BYTES);
        if (!attributes.has(RTA_MULTIPATH)) {
            return List.of(route(fixed, attributes, attributes, attributes.u32(RTA_OIF, 0)));
        }
        return nextHops(fixed, attributes);
    }

    private static List<Route> nextHops(ByteBuffer fixed, NetlinkAttributes attributes) {
        ByteBuffer hops =
                ByteBuffer.wrap(attributes.bytes(RTA_MULTIPATH)).order(ByteOrder.nativeOrder());
        List<Route> routes = new ArrayList<>();
        int start = 0;
        while (hops.limit() - start >= NEXT_HOP_BYTES) {
            int length = Short.toUnsignedInt(hops.getShort(start));
            if (length < NEXT_HOP_BYTES || length > hops.limit() - start) {
                throw NetlinkMessage.malformed("a next hop of " + length + " bytes");
            }
            NetlinkAttributes ofHop =
                    NetlinkAttributes.parse(
                            hops.slice(start + NEXT_HOP_BYTES, length - NEXT_HOP_BYTES));
            routes.add(route(fixed, attributes, ofHop, hops.getInt(start + 4)));
            start += NetlinkMessage.aligned(length);
        }
        return routes;
    }

    private static Route route(
            ByteBuffer fixed, NetlinkAttributes ofRoute, NetlinkAttributes ofHop, int index) {
        return new Route(
                gateway(fixed.get(0), ofHop),
                index,
                ofRoute.u32(RTA_PRIORITY, 0),
                ofRoute.u32(RTA_TABLE, Byte.toUnsignedInt(fixed.get(4))),
                fixed.get(5) == RTPROT_RA);
    }

    private static InetAddress gateway(int family, NetlinkAttributes attributes) {
        byte[] via = attributes.bytes(RTA_VIA);
        if (via.length > Short.BYTES) {
            // An IPv4 route by way of an IPv6 neighbour: its family, then its address.
            return NetlinkAttributes.addressOf(Arrays.copyOfRange(via, Short.BYTES, via.length));
        }
        return attributes
                .address(RTA_GATEWAY)
                .orElseGet(() -> NetlinkAttributes.addressOf(new byte[family == AF_INET ? 4 : 16]));
    }
}
