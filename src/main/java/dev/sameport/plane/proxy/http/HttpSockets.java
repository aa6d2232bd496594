package dev.sameport.plane.proxy.http;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;

/// How much of one connection may wait in our memory: less than a relay's, for there are more of
/// them, and slow ones among them.
final class HttpSockets {
    private static final int LOW_WATER = 16 << 10;
    private static final int HIGH_WATER = 64 << 10;
    private static final int SMALLEST_READ = 512;
    private static final int FIRST_READ = 2 << 10;
    private static final int LARGEST_READ = 64 << 10;

    private HttpSockets() {}

    /// Sets one up and begins to read.
    static void begin(Channel channel) {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(LOW_WATER, HIGH_WATER));
        channel.config()
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, LARGEST_READ));
        channel.config().setAutoRead(true);
    }
}
