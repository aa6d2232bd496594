package dev.sameport.plane.proxy.tls;

import dev.sameport.model.Problem;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.SocketOptions;
import dev.sameport.plane.proxy.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// A server behind TLS: it greets with the negotiated protocol and server name, then sends back
/// what it gets. Its sockets are set as those of our listeners are.
final class TestTlsServer implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    final List<List<Problem>> reports = new CopyOnWriteArrayList<>();
    final TlsTermination termination;
    private final EventLoops loops;
    private final Channel listener;

    TestTlsServer(TlsSettings settings, TlsLibrary library) {
        this(settings, library, TicketKeys.fresh(Instant.now()), InstantSource.system());
    }

    TestTlsServer(TlsSettings settings, TlsLibrary library, TicketKeys keys, InstantSource clock) {
        this(settings, library, keys, clock, Transport.forHttp(), 0);
    }

    TestTlsServer(TlsSettings settings, Transport transport) {
        this(
                settings,
                TlsLibrary.best(),
                TicketKeys.fresh(Instant.now()),
                InstantSource.system(),
                transport,
                0);
    }

    /// One with BoringSSL at the port that `before` had, with other ticket keys.
    static TestTlsServer after(TestTlsServer before, TlsSettings settings, TicketKeys keys) {
        int port = before.address().getPort();
        before.close();
        return new TestTlsServer(
                settings,
                TlsLibrary.OPENSSL,
                keys,
                InstantSource.system(),
                Transport.forHttp(),
                port);
    }

    private TestTlsServer(
            TlsSettings settings,
            TlsLibrary library,
            TicketKeys keys,
            InstantSource clock,
            Transport transport,
            int port) {
        termination = TlsTermination.open(settings, library, keys, reports::add, clock, LOOK_EVERY);
        loops = EventLoops.open(transport, 1);
        listener = listen(port, () -> termination.newHandler(ByteBufAllocator.DEFAULT));
    }

    private Channel listen(int port, Supplier<ChannelHandler> first) {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .channelFactory(loops.transport().listeners(SocketProtocolFamily.INET))
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(first.get(), new Greeter());
                                    }
                                });
        SocketOptions.DEFAULT.forEach(bootstrap::childOption);
        return bootstrap
                .bind(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    @Override
    public void close() {
        termination.close();
        if (listener.isOpen()) {
            listener.close().syncUninterruptibly();
        }
        loops.close();
    }

    private static final class Greeter extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                String greeting =
                        TlsTermination.protocolOf(context.channel())
                                + " "
                                + TlsTermination.serverNameOf(context.channel())
                                + "\n";
                byte[] bytes = greeting.getBytes(StandardCharsets.US_ASCII);
                var _ = context.writeAndFlush(Unpooled.wrappedBuffer(bytes));
                context.read();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            var _ = context.writeAndFlush(bytes);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.read();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close(); // What a handshake that failed comes to.
        }
    }
}
