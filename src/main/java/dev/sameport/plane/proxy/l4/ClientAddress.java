package dev.sameport.plane.proxy.l4;

import dev.sameport.plane.proxy.wire.ProxyProtocol.Proxied;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Whose connection it is, and what it was made to: as a trusted peer's PROXY header says, else as
/// the socket says. To be asked on the connection's event loop.
public final class ClientAddress {
    private static final AttributeKey<Proxied> PROXIED =
            AttributeKey.valueOf(ClientAddress.class, "PROXIED");

    private ClientAddress() {}

    static void set(Channel downstream, Proxied proxied) {
        downstream.attr(PROXIED).set(proxied);
    }

    /// The peer says that the connection is its own.
    static void setOwn(SocketChannel downstream) {
        set(downstream, new Proxied(downstream.remoteAddress(), downstream.localAddress()));
    }

    /// Whether the peer said whose connection it is.
    static boolean isTold(Channel downstream) {
        return downstream.hasAttr(PROXIED);
    }

    /// The client.
    public static InetSocketAddress source(SocketChannel downstream) {
        Proxied proxied = proxied(downstream);
        return proxied == null ? downstream.remoteAddress() : proxied.source();
    }

    /// What the client connected to.
    public static InetSocketAddress destination(SocketChannel downstream) {
        Proxied proxied = proxied(downstream);
        return proxied == null ? downstream.localAddress() : proxied.destination();
    }

    private static @Nullable Proxied proxied(SocketChannel downstream) {
        // Without an attribute nothing is stored at the channel.
        return downstream.hasAttr(PROXIED) ? downstream.attr(PROXIED).get() : null;
    }
}
