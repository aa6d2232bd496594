package dev.sameport.plane.proxy.http;

import dev.sameport.model.Policies;
import dev.sameport.model.Problem;
import dev.sameport.model.PublishedPort;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.Upstream;
import dev.sameport.plane.proxy.l4.ClientAddress;
import dev.sameport.plane.proxy.l4.Door;
import dev.sameport.plane.proxy.l4.ListenerOptions;
import dev.sameport.plane.proxy.l4.Reception;
import dev.sameport.plane.proxy.l4.Sockets;
import dev.sameport.plane.proxy.tls.TlsTermination;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Takes in the clients of services that speak HTTP. Any thread.
public final class HttpReception implements Reception {
    private static final System.Logger LOG = System.getLogger(HttpReception.class.getName());

    private final HttpShared shared;
    private final Function<Policies, HttpOptions> optionsOf;
    private final Map<Door, HttpPort> ports = new ConcurrentHashMap<>();

    private HttpReception(HttpShared shared, Function<Policies, HttpOptions> optionsOf) {
        this.shared = shared;
        this.optionsOf = optionsOf;
    }

    /// Takes in nobody until a listener sends someone; goes by the policies of each service.
    ///
    /// @param certificates the directory below which labels may name certificates
    /// @param cookieKey signs which endpoint a client keeps
    public static HttpReception open(
            EventLoops loops, ListenerOptions options, Path certificates, CookieKey cookieKey) {
        return open(loops, options, certificates, cookieKey, HttpOptions::of);
    }

    static HttpReception open(
            EventLoops loops,
            ListenerOptions options,
            Path certificates,
            CookieKey cookieKey,
            Function<Policies, HttpOptions> optionsOf) {
        Upstream upstream = new Upstream(loops, options.mark(), options.sockets());
        TlsPorts tls = new TlsPorts(certificates, HttpReception::report);
        return new HttpReception(new HttpShared(loops, upstream, tls, cookieKey), optionsOf);
    }

    private static void report(List<Problem> problems) {
        for (Problem problem : problems) {
            LOG.log(
                    Level.WARNING,
                    "certificate where=\"{0}\" what=\"{1}\" fix=\"{2}\"",
                    problem.where(),
                    problem.what(),
                    problem.fix());
        }
    }

    @Override
    public void receive(SocketChannel downstream, Door door) {
        HttpPort port = ports.computeIfAbsent(door, this::open);
        if (port.refuses()) {
            Sockets.reset(downstream);
            return;
        }
        TlsTermination tls = port.tls();
        if (tls != null) {
            downstream.pipeline().addLast(tls.newHandler(downstream.alloc()));
        }
        downstream.pipeline().addLast(new Begin(port, tls != null));
    }

    @Override
    public void released(Door door) {
        HttpPort port = ports.remove(door);
        if (port != null) {
            port.release();
        }
    }

    private HttpPort open(Door door) {
        return new HttpPort(shared, door, optionsOf);
    }

    CookieKey cookieKey() {
        return shared.cookieKey();
    }

    /// Requests that wait for an endpoint now, on all ports.
    public int held() {
        return ports.values().stream().mapToInt(HttpPort::held).sum();
    }

    /// What is wrong with the certificates of all ports.
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        for (HttpPort port : ports.values()) {
            TlsTermination tls = port.tls();
            if (tls != null) {
                problems.addAll(tls.problems());
            }
        }
        return List.copyOf(problems);
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

    /// Waits until the connection is there, and its TLS, then begins to speak.
    private static final class Begin extends ChannelInboundHandlerAdapter {
        private final HttpPort port;
        private final boolean secure;

        Begin(HttpPort port, boolean secure) {
            this.port = port;
            this.secure = secure;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (!secure) {
                begin(context);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                begin(context);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close(); // A handshake that failed, or a reset: nobody to answer.
        }

        private void begin(ChannelHandlerContext context) {
            SocketChannel channel = (SocketChannel) context.channel();
            ClientConnection client =
                    new ClientConnection(
                            port.lane(channel.eventLoop()),
                            channel,
                            ClientAddress.source(channel),
                            ClientAddress.destination(channel).getPort(),
                            secure);
            context.pipeline().replace(this, null, client);
            client.start();
        }
    }
}
