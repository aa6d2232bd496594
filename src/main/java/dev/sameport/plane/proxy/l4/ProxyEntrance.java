package dev.sameport.plane.proxy.l4;

import dev.sameport.plane.proxy.wire.ProxyProtocol;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Incomplete;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Proxied;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Refused;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Unproxied;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;

/// Takes the PROXY header off a trusted peer's connection before anybody else sees it.
final class ProxyEntrance extends Preface {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Door door;
    private final Reception next;

    /// @param next takes the connection in once its client is known
    ProxyEntrance(SocketChannel downstream, Door door, Reception next) {
        super(downstream, door.limit(), PATIENCE);
        this.door = door;
        this.next = next;
    }

    @Override
    boolean tells(ByteBuf bytesSoFar) {
        return switch (ProxyProtocol.read(bytesSoFar)) {
            case Incomplete() -> false;
            case Unproxied() -> true;
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
