package dev.sameport.linux;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The flows of the network namespace in which it was opened (ctnetlink). Takes CAP_NET_ADMIN. Any
/// thread may call.
public final class Conntrack implements AutoCloseable {
    private static final int CTNETLINK = 1 << 8;
    private static final int GET = CTNETLINK | 1;
    private static final int DELETE = CTNETLINK | 2;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private static final int MARK_MASK = 21;
    private static final int FILTER = 25;
    private static final int FILTER_ORIGINAL = 1;
    private static final int FILTER_REPLY = 2;

    /// Bits of the kernel's enum ctattr_filter (Linux 5.8).
    private static final int BY_SOURCE_ADDRESS = 1;

    private static final int BY_PROTOCOL_AND_SOURCE_PORT = 1 << 3 | 1 << 4;

    private final Netlink netlink;

    private Conntrack(Netlink netlink) {
        this.netlink = netlink;
    }

    /// Looks at the calling thread's network namespace.
    public static Conntrack open() {
        return new Conntrack(Netlink.open(NetlinkSocket.NETFILTER));
    }

    /// The flows of which `connection mark & mask == mark`, IPv4 and IPv6; all of them, when both
    /// are 0.
    public List<Flow> flows(int mark, int mask) {
        NetlinkRequest request = NetlinkRequest.dump(GET).zeros(FlowMessage.FIXED_BYTES);
        if (mask != 0) {
            request.attributeU32BigEndian(FlowMessage.MARK, mark)
                    .attributeU32BigEndian(MARK_MASK, mask);
        }
        return netlink.ask(
                "list flows",
                request,
                message -> {
                    Flow flow = FlowMessage.of(message).flow();
                    return (flow.mark() & mask) == mark ? List.of(flow) : List.of();
                });
    }

    /// Deletes every living flow whose answers come from one of these endpoints, so that its
    /// clients get a reset, not a hang. Ended flows (TIME_WAIT, CLOSE) stay: a busy port leaves
    /// tens of thousands of them, and nobody waits for these.
    ///
    /// Walks the kernel's table once for each port and family, however many endpoints there are.
    ///
    /// @param protocol the IP protocol number: 6 TCP, 17 UDP
    /// @return how many were deleted
    public int deleteRepliesFrom(Set<InetSocketAddress> endpoints, int protocol) {
        return delete(endpoints, protocol, FlowMessage::lives);
    }

    /// Deletes every ended flow whose answers came from one of these endpoints. Takes about a tenth
    /// of a second for ten thousand.
    ///
    /// @param protocol the IP protocol number: 6 TCP
    /// @return how many were deleted
    public int deleteEndedRepliesFrom(Set<InetSocketAddress> endpoints, int protocol) {
        return delete(endpoints, protocol, flow -> !flow.lives());
    }

    private int delete(
            Set<InetSocketAddress> endpoints, int protocol, Predicate<FlowMessage> which) {
        Map<Walk, Set<InetSocketAddress>> walks = new HashMap<>();
        for (InetSocketAddress endpoint : endpoints) {
            int family = endpoint.getAddress().getAddress().length == 4 ? AF_INET : AF_INET6;
            walks.computeIfAbsent(
                            new Walk(family, protocol, endpoint.getPort()), _ -> new HashSet<>())
                    .add(endpoint);
        }
        int deleted = 0;
        for (Map.Entry<Walk, Set<InetSocketAddress>> walk : walks.entrySet()) {
            for (FlowMessage flow : repliesFrom(walk.getKey(), walk.getValue(), which)) {
                deleted += delete(flow, walk.getKey().family()) ? 1 : 0;
            }
        }
        return deleted;
    }

    /// What the kernel can look for in one walk of its table.
    private record Walk(int family, int protocol, int port) {}

    private List<FlowMessage> repliesFrom(
            Walk walk, Set<InetSocketAddress> sources, Predicate<FlowMessage> which) {
        try {
            return ask(filtered(walk, sources), walk, sources, which);
        } catch (LinuxException failure) {
            if (failure.is(Errno.EOPNOTSUPP) || failure.is(Errno.EINVAL)) {
                // A kernel that can't filter so.
                return ask(allOf(walk.family()), walk, sources, which);
            }
            throw failure;
        }
    }

    private List<FlowMessage> ask(
            NetlinkRequest request,
            Walk walk,
            Set<InetSocketAddress> sources,
            Predicate<FlowMessage> which) {
        return netlink.ask(
                "list flows from port " + walk.port(),
                request,
                message -> {
                    // Looked at here too: older kernels ignore the filter.
                    FlowMessage flow = FlowMessage.of(message);
                    return which.test(flow) && flow.isReplyFrom(sources, walk.protocol())
                            ? List.of(flow)
                            : List.of();
                });
    }

    private static NetlinkRequest allOf(int family) {
        return NetlinkRequest.dump(GET).u8(family).zeros(FlowMessage.FIXED_BYTES - 1);
    }

    private static NetlinkRequest filtered(Walk walk, Set<InetSocketAddress> sources) {
        // Of IPv6 the kernel compares addresses the wrong way round (seen with 6.18), so not by
        // address there.
        boolean byAddress = walk.family() == AF_INET && sources.size() == 1;
        int filter = BY_PROTOCOL_AND_SOURCE_PORT | (byAddress ? BY_SOURCE_ADDRESS : 0);
        return allOf(walk.family())
                .nested(
                        FILTER,
                        flags ->
                                flags.attributeU32(FILTER_ORIGINAL, 0)
                                        .attributeU32(FILTER_REPLY, filter))
                .nested(
                        FlowMessage.TUPLE_REPLY,
                        tuple -> {
                            if (byAddress) {
                                InetSocketAddress source = sources.iterator().next();
                                tuple.nested(
                                        FlowMessage.TUPLE_ADDRESSES, ip -> sourceV4(ip, source));
                            }
                            tuple.nested(
                                    FlowMessage.TUPLE_PROTOCOL, ports -> sourcePort(ports, walk));
                        });
    }

    private static void sourceV4(NetlinkRequest ip, InetSocketAddress source) {
        ip.attribute(FlowMessage.V4_SOURCE, source.getAddress().getAddress());
    }

    private static void sourcePort(NetlinkRequest ports, Walk walk) {
        ports.attributeU8(FlowMessage.PROTOCOL_NUMBER, walk.protocol())
                .attributeU16BigEndian(FlowMessage.SOURCE_PORT, walk.port());
    }

    /// Deletes one flow; false if it ended meanwhile.
    private boolean delete(FlowMessage flow, int family) {
        NetlinkRequest request =
                NetlinkRequest.of(DELETE).u8(family).zeros(FlowMessage.FIXED_BYTES - 1);
        try {
            netlink.tell("delete " + flow.flow(), flow.identify(request));
            return true;
        } catch (LinuxException failure) {
            if (failure.is(Errno.ENOENT)) {
                return false;
            }
            throw failure;
        }
    }

    @Override
    public void close() {
        netlink.close();
    }
}
