package dev.sameport.provider.process;

import dev.sameport.model.Attachment;
import dev.sameport.model.EnginePort;
import dev.sameport.model.Protocol;
import dev.sameport.model.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Without privilege replicas share the host's network, so each is told a port of its own in `PORT`
/// and has to listen on it, on 127.0.0.1.
public final class LoopbackPlacement implements Placement {
    private static final int CAPACITY = 500;
    private final Function<RunRequest, List<Integer>> containerPorts;

    /// @param containerPorts the ports inside that a request publishes
    public LoopbackPlacement(Function<RunRequest, List<Integer>> containerPorts) {
        this.containerPorts = containerPorts;
    }

    @Override
    public Place make(int index, String replica, RunRequest request) {
        InetSocketAddress own = freePort();
        List<EnginePort> ports = new ArrayList<>();
        for (int port : containerPorts.apply(request)) {
            ports.add(new EnginePort(own, port, Protocol.TCP));
        }
        Attachment nowhere =
                new Attachment(
                        "host",
                        (Inet4Address) own.getAddress(),
                        null,
                        true,
                        false,
                        new Reach.Unreachable("without privilege it shares the host's network"));
        return new Place(
                List.of(),
                Map.of("PORT", Integer.toString(own.getPort())),
                List.of(nowhere),
                0,
                ports);
    }

    private static InetSocketAddress freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on 127.0.0.1", e);
        }
    }

    @Override
    public void remove(int index) {}

    @Override
    public void sweep() {}

    @Override
    public int capacity() {
        return CAPACITY;
    }
}
