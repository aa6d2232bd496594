package dev.sameport.plane.proxy;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How event loops wait for sockets.
public enum Transport {
    /// The kernel's io_uring: the least CPU time per request. Its listeners can't be made of a
    /// passed descriptor.
    IO_URING("io_uring"),
    /// Netty's native epoll: every socket option, and a peer that leaves is noticed without
    /// reading.
    EPOLL("epoll"),
    /// The JDK's selector, where Netty has no native library: no socket mark, no IPv6-only
    /// listener.
    NIO("nio");

    private static final List<Transport> RELAY_ORDER = List.of(EPOLL, NIO);
    private static final List<Transport> HTTP_ORDER = List.of(IO_URING, EPOLL, NIO);

    private final String text;

    Transport(String text) {
        this.text = text;
    }

    /// The name that users read: `io_uring`, `epoll` or `nio`.
    public String text() {
        return text;
    }

    /// The best here for sockets whose bytes are only passed on: epoll, else the JDK's selector.
    public static Transport forRelay() {
        return first(RELAY_ORDER);
    }

    /// The best here for sockets on which requests are read: io_uring, else epoll, else the JDK's
    /// selector.
    public static Transport forHttp() {
        return first(HTTP_ORDER);
    }

    private static Transport first(List<Transport> order) {
        return order.stream().filter(Transport::available).findFirst().orElse(NIO);
    }

    /// Whether it runs here.
    public boolean available() {
        return obstacle() == null;
    }

    /// Why it doesn't run here, or null where it does.
    public @Nullable String obstacle() {
        Throwable cause =
                switch (this) {
                    case IO_URING -> NativeIoUring.obstacle();
                    case EPOLL -> NativeEpoll.obstacle();
                    case NIO -> null;
                };
        return cause == null ? null : innermost(cause);
    }

    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /// Whether an event loop learns only by reading that a peer ended or reset its connection.
    public boolean noticesOnlyByReading() {
        return this == NIO;
    }

    IoHandlerFactory handlers() {
        return switch (this) {
            case IO_URING -> NativeIoUring.find().handlers();
            case EPOLL -> NativeEpoll.find().handlers();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /// Makes listening sockets of one family; an IPv6 socket serves IPv4 too unless told otherwise.
    public ChannelFactory<ServerSocketChannel> listeners(SocketProtocolFamily family) {
        return switch (this) {
            case IO_URING -> NativeIoUring.find()::listener;
            case EPOLL -> {
                NativeEpoll epoll = NativeEpoll.find();
                yield () -> epoll.listener(family);
            }
            case NIO -> () -> new NioServerSocketChannel(SelectorProvider.provider(), family);
        };
    }

    /// Makes connecting sockets of one family.
    public ChannelFactory<SocketChannel> sockets(SocketProtocolFamily family) {
        return switch (this) {
            case IO_URING -> NativeIoUring.find()::socket;
            case EPOLL -> {
                NativeEpoll epoll = NativeEpoll.find();
                yield () -> epoll.socket(family);
            }
            case NIO -> () -> new NioSocketChannel(SelectorProvider.provider(), family);
        };
    }
}
