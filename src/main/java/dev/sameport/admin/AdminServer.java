package dev.sameport.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The control socket: `admin.sock` in the run directory, HTTP/1.1, one request a connection.
///
/// Limits: a line of 4 KiB, headers of 8 KiB, a body of 1 MiB, 64 connections, 10 s for a request
/// to come and 10 s for an answer to be taken.
public final class AdminServer implements AutoCloseable {
    private static final int MAX_LINE = 4096;
    private static final int MAX_HEADERS = 8192;
    private static final int MAX_BODY = 1 << 20;

    private final AdminSocket socket;
    private final EventLoopGroup loop;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    private AdminServer(AdminSocket socket, EventLoopGroup loop) {
        this.socket = socket;
        this.loop = loop;
    }

    /// Begins to answer. The run directory exists.
    ///
    /// @param version the program's
    /// @throws IllegalStateException if another daemon answers there
    /// @throws UncheckedIOException if the socket can't be made
    public static AdminServer start(Path runDirectory, Control control, String version) {
        return start(runDirectory, control, version, AdminTransport.best(), Limits.STANDARD);
    }

    static AdminServer start(
            Path runDirectory,
            Control control,
            String version,
            AdminTransport transport,
            Limits limits) {
        AdminSocket socket = new AdminSocket(runDirectory);
        AdminServer server = new AdminServer(socket, transport.loop());
        try {
            socket.prepare();
            server.bind(transport, new Router(control, version), control.changes(), limits);
            socket.publish();
            return server;
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException("can't make the control socket " + socket.place(), e);
        } catch (RuntimeException e) {
            var _ = server.loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    private void bind(AdminTransport transport, Router router, ChangeLog changes, Limits limits)
            throws IOException {
        var bound =
                new ServerBootstrap()
                        .group(loop)
                        .channel(transport.channel())
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        initialize(channel, router, changes, limits);
                                    }
                                })
                        .bind(transport.address(socket.birthplace()))
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
        }
        channels.add(bound.channel());
    }

    private void initialize(Channel channel, Router router, ChangeLog changes, Limits limits) {
        channels.add(channel);
        // The server's own channel is in the group, too.
        boolean room = channels.size() <= limits.connections() + 1;
        HttpDecoderConfig head =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(MAX_LINE)
                        .setMaxHeaderSize(MAX_HEADERS);
        channel.pipeline()
                .addLast(new HttpServerCodec(head))
                .addLast(new RequestBody(MAX_BODY))
                .addLast(new RequestHandler(router, changes, limits, room));
    }

    /// Ends all connections and removes the socket.
    @Override
    public void close() {
        channels.close().awaitUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        socket.remove();
    }
}
