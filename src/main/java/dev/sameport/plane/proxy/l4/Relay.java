package dev.sameport.plane.proxy.l4;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.List;

/// Joins a client's connection and one to an endpoint; what runs then runs in the two ends.
final class Relay {
    private Relay() {}

    /// Starts to carry bytes both ways. Called on the event loop of both channels, whose pipelines
    /// have no other handler that reads.
    ///
    /// @param early bytes that the client sent already; ownership passes on
    /// @param inputEnded whether they were the client's last
    /// @param linger how long the client may take to fetch what is left after the endpoint's reset
    static void start(
            DuplexChannel downstream,
            DuplexChannel upstream,
            Tally tally,
            List<ByteBuf> early,
            boolean inputEnded,
            Duration linger) {
        tally.begin();
        RelayEnd client = new RelayEnd(downstream, linger, () -> {});
        // A client that reset its connection wants nothing delivered any more.
        RelayEnd endpoint = new RelayEnd(upstream, Duration.ZERO, tally::end);
        client.join(endpoint);
        endpoint.join(client);
        downstream.pipeline().addLast(client);
        upstream.pipeline().addLast(endpoint);
        early.forEach(endpoint::write);
        upstream.flush();
        endpoint.start(false);
        client.start(inputEnded);
    }
}
