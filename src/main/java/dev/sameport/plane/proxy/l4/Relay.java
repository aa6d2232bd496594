package dev.sameport.plane.proxy.l4;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.List;

/// A client's connection and one to an endpoint, joined. Confined to the event loop of both; what
/// runs most of the time runs in its two ends.
final class Relay {
    private final EndpointRelays siblings;
    private final DuplexChannel downstream;
    private final DuplexChannel upstream;
    private final RelayEnd client;
    private final RelayEnd endpoint;

    /// Joins two connections whose pipelines have no other handler that reads; nothing is carried
    /// until `start`.
    ///
    /// @param siblings those to the same endpoint; it is one of them until the endpoint's
    ///   connection is closed
    /// @param linger how long the client may take to fetch what is left after the endpoint's reset
    Relay(
            DuplexChannel downstream,
            DuplexChannel upstream,
            EndpointRelays siblings,
            Duration linger) {
        this.siblings = siblings;
        this.downstream = downstream;
        this.upstream = upstream;
        this.client = new RelayEnd(downstream, linger);
        // A client that reset its connection wants nothing delivered any more.
        this.endpoint = new RelayEnd(upstream, Duration.ZERO);
        client.join(endpoint);
        endpoint.join(client);
    }

    /// Sends the endpoint something before the client's first byte; ownership passes on.
    void greet(ByteBuf greeting) {
        endpoint.write(greeting);
    }

    /// Starts to carry bytes both ways.
    ///
    /// @param idle after how long a silence in both directions both connections end; zero for never
    /// @param early bytes that the client sent already; ownership passes on
    /// @param inputEnded whether they were the client's last
    void start(Duration idle, List<ByteBuf> early, boolean inputEnded) {
        siblings.add(this);
        upstream.closeFuture().addListener(_ -> siblings.remove(this));
        client.begin();
        endpoint.begin();
        if (idle.isPositive()) {
            watch(idle);
        }
        early.forEach(endpoint::write);
        endpoint.flush();
        endpoint.start(false);
        client.start(inputEnded);
    }

    private void watch(Duration idle) {
        IdleWatch watch = new IdleWatch(upstream.eventLoop(), idle, this::progress, this::end);
        watch.start();
        upstream.closeFuture().addListener(_ -> stopIfClosed(watch));
        downstream.closeFuture().addListener(_ -> stopIfClosed(watch));
    }

    private void stopIfClosed(IdleWatch watch) {
        if (!client.isOpen() && !endpoint.isOpen()) {
            watch.stop();
        }
    }

    private long progress() {
        return client.progress() + endpoint.progress();
    }

    private void end() {
        client.end();
        endpoint.end();
    }

    /// Resets both connections at once.
    void reset() {
        client.reset();
        endpoint.reset();
    }
}
