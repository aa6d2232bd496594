package dev.sameport.plane.proxy.l4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.Desired;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.TcpPolicy;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;

/// Listeners with event loops of their own, and clients for them.
final class TestListeners implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final EventLoops loops;
    final Listeners listeners;
    private final TcpPolicy tcp;

    TestListeners(Transport transport) {
        this(transport, PortHolders.none(), ListenerOptions.DEFAULT);
    }

    TestListeners(Transport transport, PortHolders holders, ListenerOptions options) {
        this(transport, holders, options, TcpPolicy.DEFAULT);
    }

    /// With one policy for every service.
    TestListeners(Transport transport, TcpPolicy tcp) {
        this(transport, PortHolders.none(), ListenerOptions.DEFAULT, tcp);
    }

    private TestListeners(
            Transport transport, PortHolders holders, ListenerOptions options, TcpPolicy tcp) {
        this.tcp = tcp;
        loops = EventLoops.open(transport, 2);
        listeners = new Listeners(loops, holders, options);
    }

    /// Makes it so; every port must be ours.
    void apply(Desired wanted) {
        apply(wanted, Map.of());
    }

    /// The same with other policies for some services, by name.
    void apply(Desired wanted, Map<String, TcpPolicy> others) {
        Desired desired =
                Wanted.with(wanted, service -> others.getOrDefault(service.name().value(), tcp));
        for (Map.Entry<PublishedPort, PortOutcome> outcome :
                listeners.reserve(desired).entrySet()) {
            assertEquals(new PortOutcome.Carried(), outcome.getValue(), outcome.getKey().text());
        }
        listeners.release(desired);
    }

    static Socket connect(PublishedPort published) throws IOException {
        return connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), published.port()));
    }

    static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        socket.connect(address, Math.toIntExact(PATIENCE.toMillis()));
        return socket;
    }

    @Override
    public void close() {
        listeners.close();
        loops.close();
    }
}
