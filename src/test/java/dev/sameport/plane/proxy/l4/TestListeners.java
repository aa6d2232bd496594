package dev.sameport.plane.proxy.l4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.Desired;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/// Listeners with event loops of their own, and clients for them.
final class TestListeners implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final EventLoops loops;
    final Listeners listeners;

    TestListeners(Transport transport) {
        this(transport, PortHolders.none(), ListenerOptions.DEFAULT);
    }

    TestListeners(Transport transport, PortHolders holders, ListenerOptions options) {
        this(transport, holders, options, _ -> TcpSettings.DEFAULT);
    }

    /// With settings for every service, or for each.
    TestListeners(Transport transport, Function<Service, TcpSettings> settingsOf) {
        this(transport, PortHolders.none(), ListenerOptions.DEFAULT, settingsOf);
    }

    private TestListeners(
            Transport transport,
            PortHolders holders,
            ListenerOptions options,
            Function<Service, TcpSettings> settingsOf) {
        loops = EventLoops.open(transport, 2);
        listeners = new Listeners(loops, holders, options, null, _ -> false, settingsOf);
    }

    /// Makes it so; every port must be ours.
    void apply(Desired desired) {
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
