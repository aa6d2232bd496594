package dev.sameport.plane.proxy.l4;

import dev.sameport.plane.proxy.wire.ClientHello;
import dev.sameport.plane.proxy.wire.ProxyProtocol;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Incomplete;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Proxied;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Refused;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Unproxied;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;

/// Takes the PROXY header off a trusted peer's connection before anybody else sees it.
///
/// On a port that services share by server name it may be missing: whether the peer is trusted is
/// known only when the client has named its service, and a TLS client's first byte is none of a
/// header.
final class ProxyEntrance extends Preface {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Door door;
    private final Reception next;
    private final boolean maybeTls;

    /// @param next takes the connection in once its client is known
    ProxyEntrance(SocketChannel downstream, Door door, Reception next) {
        super(downstream, door.limit(), PATIENCE);
        this.door = door;
        this.next = next;
        this.maybeTls = door.routes() != null;
    }

    @Override
    boolean tells(ByteBuf bytesSoFar) {
        if (maybeTls && ClientHello.mayBegin(bytesSoFar)) {
            return true;
        }
        return switch (ProxyProtocol.read(bytesSoFar)) {
            case Incomplete() -> false;
            case Unproxied() -> {
                ClientAddress.setOwn(downstream());
                yield true;
            }
            case Proxied proxied -> {
                ClientAddress.set(downstream(), proxied);
                yield true;
            }
            case Refused(_) -> {
                reset();
                yield false;
            }
        };
    }

    @Override
    void proceed() {
        next.receive(downstream(), door);
    }
}
