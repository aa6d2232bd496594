package dev.sameport.linux;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The interfaces, addresses and default routes of the network namespace in which it was opened
/// (rtnetlink(7)).
///
/// Reads need no privilege, save those of other namespaces (CAP_NET_ADMIN there). Any thread may
/// call.
public final class Links implements AutoCloseable {
    private static final int AF_UNSPEC = 0;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final Set<Integer> INTERNET = Set.of(AF_INET, AF_INET6);

    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_GETROUTE = 26;
    private static final int RTM_GETNSID = 90;

    private static final int IFINFOMSG_BYTES = 16;
    private static final int IFF_UP = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_LINK_NETNSID = 37;

    private static final int IFADDRMSG_BYTES = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_TARGET_NETNSID = 10;

    private static final int RTGENMSG_BYTES = 4;
    private static final int NETNSA_NSID = 1;
    private static final int NETNSA_PID = 2;
    private static final int NO_ID = -1;

    private final Netlink netlink;
    private final long ownInode;

    private Links(Netlink netlink, long ownInode) {
        this.netlink = netlink;
        this.ownInode = ownInode;
    }

    /// Looks at the calling thread's network namespace.
    public static Links open() {
        try (NetworkNamespace own = NetworkNamespace.own()) {
            return new Links(Netlink.open(NetlinkSocket.ROUTE), own.inode());
        }
    }

    /// All interfaces of our namespace.
    public List<Link> links() {
        NetlinkRequest request = NetlinkRequest.dump(RTM_GETLINK).zeros(IFINFOMSG_BYTES);
        return netlink.ask("list links", request, message -> List.of(linkOf(message)));
    }

    private static Link linkOf(NetlinkMessage message) {
        NetlinkAttributes attributes = message.attributes(IFINFOMSG_BYTES);
        var fixed = message.fixed(IFINFOMSG_BYTES);
        return new Link(
                fixed.getInt(4),
                attributes.text(IFLA_IFNAME),
                attributes.nested(IFLA_LINKINFO).text(IFLA_INFO_KIND),
                attributes.u32(IFLA_MASTER, 0),
                attributes.u32(IFLA_LINK, 0),
                attributes.u32(IFLA_LINK_NETNSID, Link.SAME_NAMESPACE),
                (fixed.getInt(8) & IFF_UP) != 0);
    }

    /// All IPv4 and IPv6 addresses of our namespace.
    public List<InterfaceAddress> addresses() {
        NetlinkRequest request =
                NetlinkRequest.dump(RTM_GETADDR).u8(AF_UNSPEC).zeros(IFADDRMSG_BYTES - 1);
        return netlink.ask("list addresses", request, Links::addressOf);
    }

    /// All IPv4 and IPv6 addresses of the namespace for which [#namespaceId] gave this number.
    ///
    /// @throws LinuxException with EOPNOTSUPP before Linux 4.20, EINVAL when the number is no more
    public List<InterfaceAddress> addresses(int namespaceId) {
        String operation = "list addresses of namespace id " + namespaceId;
        if (!netlink.isStrict()) {
            // Such a kernel would ignore the number and list our own addresses.
            throw new LinuxException(operation, Errno.EOPNOTSUPP, "needs Linux 4.20");
        }
        NetlinkRequest request =
                NetlinkRequest.dump(RTM_GETADDR)
                        .u8(AF_UNSPEC)
                        .zeros(IFADDRMSG_BYTES - 1)
                        .attributeU32(IFA_TARGET_NETNSID, namespaceId);
        return netlink.ask(
                operation, request, message -> addressOfOther(operation, namespaceId, message));
    }

    private static List<InterfaceAddress> addressOfOther(
            String operation, int namespaceId, NetlinkMessage message) {
        int answered = message.attributes(IFADDRMSG_BYTES).u32(IFA_TARGET_NETNSID, NO_ID);
        if (answered != namespaceId) {
            throw new LinuxException(
                    operation, Errno.EBADMSG, "the kernel told of namespace id " + answered);
        }
        return addressOf(message);
    }

    private static List<InterfaceAddress> addressOf(NetlinkMessage message) {
        var fixed = message.fixed(IFADDRMSG_BYTES);
        if (!INTERNET.contains((int) fixed.get(0))) {
            return List.of();
        }
        NetlinkAttributes attributes = message.attributes(IFADDRMSG_BYTES);
        // Of a point-to-point link, ADDRESS is the other end's.
        return attributes
                .address(IFA_LOCAL)
                .or(() -> attributes.address(IFA_ADDRESS))
                .map(address ->
                        new InterfaceAddress(
                                fixed.getInt(4), address, Byte.toUnsignedInt(fixed.get(1))))
                .stream()
                .toList();
    }

    /// Our namespace's number for the namespace of a process; empty when it has none, or the
    /// process is gone.
    ///
    /// The kernel numbers a namespace when a link between the two is first listed.
    public OptionalInt namespaceId(int pid) {
        NetlinkRequest request =
                NetlinkRequest.of(RTM_GETNSID).zeros(RTGENMSG_BYTES).attributeU32(NETNSA_PID, pid);
        try {
            return netlink
                    .ask(
                            "get the namespace id of process " + pid,
                            request,
                            message ->
                                    List.of(
                                            message.attributes(RTGENMSG_BYTES)
                                                    .u32(NETNSA_NSID, NO_ID)))
                    .stream()
                    .mapToInt(Integer::intValue)
                    .filter(id -> id != NO_ID)
                    .findFirst();
        } catch (LinuxException failure) {
            if (failure.is(Errno.ESRCH)) {
                return OptionalInt.empty();
            }
            throw failure;
        }
    }

    /// The default routes of our namespace, IPv4 and IPv6, of all tables.
    public List<Route> defaultRoutes() {
        List<Route> routes = new ArrayList<>();
        for (int family : List.of(AF_INET, AF_INET6)) {
            NetlinkRequest request =
                    NetlinkRequest.dump(RTM_GETROUTE)
                            .u8(family)
                            .zeros(RouteMessage.FIXED_BYTES - 1);
            routes.addAll(netlink.ask("list routes", request, RouteMessage::defaultRoutesOf));
        }
        return List.copyOf(routes);
    }

    /// Tells whether a process is in our namespace.
    ///
    /// @throws LinuxException with ENOENT when there is no such process, EACCES when it may not be
    ///   looked at
    public boolean sharesOurNamespace(int pid) {
        return NetworkNamespace.inodeOfProcess(pid) == ownInode;
    }

    /// The port of a bridge of our namespace behind which a process's interface with this address
    /// is.
    ///
    /// Empty where there is none: in our own namespace, for macvlan and the like, and for what only
    /// seems near because its address is like one of ours (a rootless engine's container, another
    /// namespace's).
    public Optional<BridgePort> bridgeOf(int pid, InetAddress address) {
        if (sharesOurNamespace(pid)) {
            return Optional.empty();
        }
        List<Link> links = links(); // Before namespaceId, which only knows what was listed.
        OptionalInt namespaceId = namespaceId(pid);
        if (namespaceId.isEmpty()) {
            return Optional.empty();
        }
        Set<Integer> owners =
                addresses(namespaceId.getAsInt()).stream()
                        .filter(owned -> owned.address().equals(address))
                        .map(InterfaceAddress::interfaceIndex)
                        .collect(Collectors.toSet());
        return links.stream()
                .filter(link -> link.kind().equals("veth"))
                .filter(link -> link.peerNamespaceId() == namespaceId.getAsInt())
                .filter(link -> owners.contains(link.peerIndex()))
                .flatMap(port -> bridgesOf(port, links))
                .findFirst();
    }

    private static Stream<BridgePort> bridgesOf(Link port, List<Link> links) {
        return links.stream()
                .filter(link -> link.index() == port.master() && link.kind().equals("bridge"))
                .map(bridge ->
                        new BridgePort(bridge.index(), bridge.name(), port.index(), port.name()));
    }

    @Override
    public void close() {
        netlink.close();
    }
}
