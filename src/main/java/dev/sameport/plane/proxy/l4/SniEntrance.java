package dev.sameport.plane.proxy.l4;

import dev.sameport.plane.proxy.wire.ClientHello;
import dev.sameport.plane.proxy.wire.ClientHello.Incomplete;
import dev.sameport.plane.proxy.wire.ClientHello.Named;
import dev.sameport.plane.proxy.wire.ClientHello.NotTls;
import dev.sameport.plane.proxy.wire.ClientHello.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Finds out which service of a shared port a TLS client wants, from the first message, which the
/// endpoint then gets as it is.
final class SniEntrance extends Preface {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Fatal alerts (RFC 8446, section 6), each in a record of its own.
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};

    private static final byte[] DECODE_ERROR = {21, 3, 3, 0, 2, 2, 50};

    private final TcpLane lane;
    private final ClientHello hello = new ClientHello();
    private @Nullable String serverName;

    SniEntrance(TcpLane lane, SocketChannel downstream) {
        super(downstream, lane.shared().limit(), PATIENCE);
        this.lane = lane;
    }

    @Override
    boolean tells(ByteBuf bytesSoFar) {
        return switch (hello.look(bytesSoFar)) {
            case Incomplete() -> false;
            case Named(String name) -> {
                serverName = name;
                yield admits(name);
            }
            case NotTls() -> {
                reset();
                yield false;
            }
            case Refused(_) -> {
                refuse(DECODE_ERROR);
                yield false;
            }
        };
    }

    private boolean admits(@Nullable String name) {
        SniRoutes routes = lane.door().routes();
        PortTable table = routes == null ? lane.door().table() : routes.find(name);
        if (table == null) {
            refuse(UNRECOGNIZED_NAME);
            return false;
        }
        // Another service of the port may trust a peer that this one doesn't.
        boolean trusted = table.tcp().trusts(downstream().remoteAddress().getAddress());
        if (trusted != ClientAddress.isTold(downstream())) {
            reset();
            return false;
        }
        return true;
    }

    private void refuse(byte[] alert) {
        end();
        downstream()
                .writeAndFlush(Unpooled.wrappedBuffer(alert))
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    void proceed() {
        Door chosen = new SniDoor(lane.door(), serverName);
        downstream().pipeline().addLast(new Admission(lane, chosen, downstream()));
    }
}
