package dev.sameport.admin;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/// How unix sockets are served here.
sealed interface AdminTransport {
    Class<? extends ServerChannel> channel();

    IoHandlerFactory handlers();

    SocketAddress address(Path socket);

    /// Netty's native one, which tells who asks. Its classes are there at run time only, and its
    /// library only for some machines, so they are found by name.
    record Epoll(Class<? extends ServerChannel> channel, IoHandlerFactory handlers)
            implements AdminTransport {
        private static final String PACKAGE = "io.netty.channel.epoll.Epoll";

        static Epoll find() throws ReflectiveOperationException {
            // Fails here, not at the first socket, where the native library doesn't load.
            Object factory;
            try {
                factory =
                        MethodHandles.publicLookup()
                                .findStatic(
                                        Class.forName(PACKAGE + "IoHandler"),
                                        "newFactory",
                                        MethodType.methodType(IoHandlerFactory.class))
                                .invoke();
            } catch (ReflectiveOperationException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new ReflectiveOperationException(e);
            }
            return new Epoll(
                    Class.forName(PACKAGE + "ServerDomainSocketChannel")
                            .asSubclass(ServerChannel.class),
                    (IoHandlerFactory) factory);
        }

        @Override
        public SocketAddress address(Path socket) {
            return new DomainSocketAddress(socket.toString());
        }
    }

    /// The JDK's own, which doesn't tell who asks.
    record Nio() implements AdminTransport {
        @Override
        public Class<? extends ServerChannel> channel() {
            return NioServerDomainSocketChannel.class;
        }

        @Override
        public IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        public SocketAddress address(Path socket) {
            return UnixDomainSocketAddress.of(socket);
        }
    }

    /// The native one where it can be had.
    static AdminTransport best() {
        try {
            return Epoll.find();
        } catch (ReflectiveOperationException | LinkageError _) {
            return new Nio();
        }
    }

    /// One thread: there are few requests, and they are answered on threads of their own.
    default EventLoopGroup loop() {
        return new MultiThreadIoEventLoopGroup(
                1, Thread.ofPlatform().name("admin").daemon(true).factory(), handlers());
    }
}
