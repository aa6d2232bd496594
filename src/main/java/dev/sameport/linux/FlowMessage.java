package dev.sameport.linux;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/// A flow as ctnetlink tells of it, kept so that it can be named to the kernel again.
final class FlowMessage {
    static final int FIXED_BYTES = 4;
    static final int TUPLE_ORIGINAL = 1;
    static final int TUPLE_REPLY = 2;
    static final int MARK = 8;
    static final int ID = 12;
    static final int ZONE = 18;

    static final int TUPLE_ADDRESSES = 1;
    static final int TUPLE_PROTOCOL = 2;
    static final int V4_SOURCE = 1;
    static final int V6_SOURCE = 3;
    static final int PROTOCOL_NUMBER = 1;
    static final int SOURCE_PORT = 2;

    private static final int V4_DESTINATION = 2;
    private static final int V6_DESTINATION = 4;
    private static final int DESTINATION_PORT = 3;

    private static final int PROTOCOL_INFO = 4;
    private static final int TCP_INFO = 1;
    private static final int TCP_STATE = 1;

    /// Of the kernel's enum tcp_conntrack.
    private static final int TCP_TIME_WAIT = 7;

    private static final int TCP_CLOSE = 8;

    private final NetlinkAttributes attributes;
    private final Flow flow;

    private FlowMessage(NetlinkAttributes attributes, Flow flow) {
        this.attributes = attributes;
        this.flow = flow;
    }

    static FlowMessage of(NetlinkMessage message) {
        NetlinkAttributes attributes = message.attributes(FIXED_BYTES);
        NetlinkAttributes original = attributes.nested(TUPLE_ORIGINAL);
        Flow flow =
                new Flow(
                        original.nested(TUPLE_PROTOCOL).u8(PROTOCOL_NUMBER, 0),
                        tuple(original),
                        tuple(attributes.nested(TUPLE_REPLY)),
                        attributes.u32BigEndian(MARK, 0),
                        attributes.u32BigEndian(ID, 0));
        return new FlowMessage(attributes, flow);
    }

    private static Flow.Tuple tuple(NetlinkAttributes tuple) {
        NetlinkAttributes addresses = tuple.nested(TUPLE_ADDRESSES);
        NetlinkAttributes ports = tuple.nested(TUPLE_PROTOCOL);
        return new Flow.Tuple(
                new InetSocketAddress(
                        address(addresses, V4_SOURCE, V6_SOURCE),
                        ports.u16BigEndian(SOURCE_PORT, 0)),
                new InetSocketAddress(
                        address(addresses, V4_DESTINATION, V6_DESTINATION),
                        ports.u16BigEndian(DESTINATION_PORT, 0)));
    }

    private static InetAddress address(NetlinkAttributes addresses, int v4, int v6) {
        return addresses
                .address(v4)
                .or(() -> addresses.address(v6))
                .orElseThrow(() -> NetlinkMessage.malformed("a flow without an address"));
    }

    Flow flow() {
        return flow;
    }

    boolean isReplyFrom(Set<InetSocketAddress> endpoints, int protocol) {
        return flow.protocol() == protocol && endpoints.contains(flow.reply().source());
    }

    /// Whether packets may still belong to it; also where the kernel tells no state.
    boolean lives() {
        int state = attributes.nested(PROTOCOL_INFO).nested(TCP_INFO).u8(TCP_STATE, 0);
        return state != TCP_TIME_WAIT && state != TCP_CLOSE;
    }

    /// Adds what identifies this very flow, not a later one from the same client port to the same
    /// place. The id alone doesn't: the kernel makes it from the flow's place in memory and its
    /// original tuple, and gives both to the flow that replaces this one when the client uses its
    /// port again. The tuple of the answers names the endpoint as well.
    NetlinkRequest identify(NetlinkRequest request) {
        request.nestedRaw(TUPLE_REPLY, attributes.bytes(TUPLE_REPLY))
                .attributeU32BigEndian(ID, flow.id());
        return attributes.has(ZONE) ? request.attribute(ZONE, attributes.bytes(ZONE)) : request;
    }
}
