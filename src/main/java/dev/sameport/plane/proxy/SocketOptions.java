package dev.sameport.plane.proxy;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import jdk.net.ExtendedSocketOptions;

/// The options of every relayed socket, downstream and upstream, and how many bytes of a connection
/// may wait in our memory.
///
/// @param lowWater unsent bytes below which its peer is read again
/// @param highWater unsent bytes from which its peer isn't read
/// @param largestRead most bytes taken by one read, which may come on top of `highWater`
public record SocketOptions(int lowWater, int highWater, int largestRead) {
    public static final SocketOptions DEFAULT = new SocketOptions(64 << 10, 256 << 10, 256 << 10);

    /// tcp(7): after so much silence a peer is asked whether it is there, so often, so many times.
    private static final int KEEPALIVE_IDLE_SECONDS = 60;

    private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
    private static final int KEEPALIVE_PROBES = 6;

    private static final int TCP = 6; // IPPROTO_TCP
    private static final IntegerUnixChannelOption KEEPALIVE_IDLE =
            new IntegerUnixChannelOption("TCP_KEEPIDLE", TCP, 4);
    private static final IntegerUnixChannelOption KEEPALIVE_INTERVAL =
            new IntegerUnixChannelOption("TCP_KEEPINTVL", TCP, 5);
    private static final IntegerUnixChannelOption KEEPALIVE_COUNT =
            new IntegerUnixChannelOption("TCP_KEEPCNT", TCP, 6);

    private static final int SMALLEST_READ = 1 << 10;
    private static final int FIRST_READ = 8 << 10;

    /// Takes one option with its value, as `Bootstrap.option` does.
    @FunctionalInterface
    public interface Setter {
        <T> void set(ChannelOption<T> option, T value);
    }

    /// Hands every option to `setter`.
    public void forEach(Setter setter) {
        setter.set(ChannelOption.AUTO_READ, false);
        setter.set(ChannelOption.ALLOW_HALF_CLOSURE, true);
        // A failed write must not throw away what the peer sent before it reset the connection.
        setter.set(ChannelOption.AUTO_CLOSE, false);
        setter.set(ChannelOption.TCP_NODELAY, true);
        setter.set(ChannelOption.SO_KEEPALIVE, true);
        setter.set(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(lowWater, highWater));
        setter.set(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, largestRead));
    }

    /// Hands over when the kernel asks a silent peer whether it is still there. Sockets that are
    /// accepted have it from their listener, but for NIO, whose listeners can't be told.
    public static void forEachKeepalive(Transport transport, Setter setter) {
        switch (transport) {
            case IO_URING, EPOLL -> {
                setter.set(KEEPALIVE_IDLE, KEEPALIVE_IDLE_SECONDS);
                setter.set(KEEPALIVE_INTERVAL, KEEPALIVE_INTERVAL_SECONDS);
                setter.set(KEEPALIVE_COUNT, KEEPALIVE_PROBES);
            }
            case NIO -> {
                setter.set(
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
                        KEEPALIVE_IDLE_SECONDS);
                setter.set(
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                        KEEPALIVE_INTERVAL_SECONDS);
                setter.set(
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), KEEPALIVE_PROBES);
            }
        }
    }
}
