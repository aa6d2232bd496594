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

/// How event loops wait for sockets.
public enum Transport {
    /// Netty's native epoll: every socket option, and a peer that leaves is noticed without
    /// reading.
    EPOLL,
    /// The JDK's selector, where Netty has no native library: no socket mark, no IPv6-only
    /// listener.
    NIO;

    /// The best that runs here.
    public static Transport best() {
        return NativeEpoll.obstacle() == null ? EPOLL : NIO;
    }

    /// Whether an event loop learns only by reading that a peer ended or reset its connection.
    public boolean noticesOnlyByReading() {
        return this == NIO;
    }

    IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> NativeEpoll.find().handlers();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /// Makes listening sockets of one family; an IPv6 socket serves IPv4 too unless told otherwise.
    public ChannelFactory<ServerSocketChannel> listeners(SocketProtocolFamily family) {
        return switch (this) {
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
            case EPOLL -> {
                NativeEpoll epoll = NativeEpoll.find();
                yield () -> epoll.socket(family);
            }
            case NIO -> () -> new NioSocketChannel(SelectorProvider.provider(), family);
        };
    }
}
