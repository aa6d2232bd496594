package dev.sameport.plane.proxy.http;

import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.Upstream;
import dev.sameport.plane.proxy.l4.Door;
import dev.sameport.plane.proxy.l4.ListenerOptions;
import dev.sameport.plane.proxy.l4.Reception;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Takes in the clients of services that speak HTTP. Any thread.
public final class HttpReception implements Reception {
    private final HttpShared shared;
    private final Function<Service, HttpOptions> optionsOf;
    private final Map<Door, HttpPort> ports = new ConcurrentHashMap<>();

    private HttpReception(HttpShared shared, Function<Service, HttpOptions> optionsOf) {
        this.shared = shared;
        this.optionsOf = optionsOf;
    }

    /// Takes in nobody until a listener sends someone; goes by the policies of each service.
    public static HttpReception open(EventLoops loops, ListenerOptions options) {
        return open(loops, options, service -> HttpOptions.of(service.policies()));
    }

    /// Takes in nobody until a listener sends someone.
    static HttpReception open(
            EventLoops loops, ListenerOptions options, Function<Service, HttpOptions> optionsOf) {
        Upstream upstream = new Upstream(loops, options.mark(), options.sockets());
        return new HttpReception(new HttpShared(loops, upstream), optionsOf);
    }

    @Override
    public void receive(SocketChannel downstream, Door door) {
        HttpPort port = ports.computeIfAbsent(door, this::open);
        downstream.pipeline().addLast(new Begin(port));
    }

    private HttpPort open(Door door) {
        return new HttpPort(shared, door, optionsOf.apply(door.table().service()));
    }

    /// What was counted so far, by published port.
    public Map<PublishedPort, HttpCounts> counts() {
        Map<PublishedPort, HttpCounts> all = new HashMap<>();
        ports.forEach((door, port) -> {
            HttpCounts.Sum sum = new HttpCounts.Sum();
            port.count(sum);
            all.put(door.published(), sum.of(port.clients(), port.held()));
        });
        return Map.copyOf(all);
    }

    /// Waits until the connection is there, then begins to speak.
    private static final class Begin extends ChannelInboundHandlerAdapter {
        private final HttpPort port;

        Begin(HttpPort port) {
            this.port = port;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            SocketChannel channel = (SocketChannel) context.channel();
            ClientConnection client =
                    new ClientConnection(
                            port.lane(channel.eventLoop()),
                            channel,
                            channel.remoteAddress(),
                            false);
            context.pipeline().replace(this, null, client);
            client.start();
        }
    }
}
