package dev.sameport.plane.nat.forward;

import dev.sameport.linux.Commands;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Sysctl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Hosts beside a test's, each in a namespace and on a network of its own: number 3 is 198.18.3.2
/// and fd00:3::2, and listens on 8080 and 8081.
final class Neighbours implements AutoCloseable {
    /// Long enough for what arrives, which takes a millisecond or two; short for what is dropped.
    private static final int MILLIS = 700;

    private final TestHost host;
    private final Map<Integer, NetworkNamespace> namespaces = new TreeMap<>();
    private final List<ServerSocket> servers = new ArrayList<>();

    Neighbours(TestHost host) {
        this.host = host;
    }

    /// Joins a neighbour to the host by the host's interface `link`.
    void join(String link, int number) throws IOException {
        NetworkNamespace namespace = NetworkNamespace.createAnonymous();
        namespaces.put(number, namespace);
        withoutAddressDetection(host.namespace);
        withoutAddressDetection(namespace);
        namespace.call(() -> batch("link set lo up\n"));
        long holder = namespace.holderThread().orElseThrow();
        host.namespace.call(() ->
                batch(
                        """
                        link add %1$s type veth peer name eth0 netns %2$d
                        addr add 198.18.%3$d.1/24 dev %1$s
                        addr add fd00:%3$d::1/64 dev %1$s nodad
                        link set %1$s up
                        """
                                .formatted(link, holder, number)));
        namespace.call(() ->
                batch(
                        """
                        addr add 198.18.%1$d.2/24 dev eth0
                        addr add fd00:%1$d::2/64 dev eth0 nodad
                        link set eth0 up
                        route add default via 198.18.%1$d.1
                        route add ::/0 via fd00:%1$d::1
                        """
                                .formatted(number)));
        servers.add(namespace.call(() -> new ServerSocket(8080)));
        servers.add(namespace.call(() -> new ServerSocket(8081)));
    }

    /// Duplicate address detection would take two seconds.
    private static void withoutAddressDetection(NetworkNamespace namespace) {
        namespace.call(() -> {
            Sysctl.write("net.ipv6.conf.default.dad_transmits", "0");
            Sysctl.write("net.ipv6.conf.default.accept_dad", "0");
            return namespace;
        });
    }

    private static String batch(String commands) {
        return Commands.run(List.of("ip", "-batch", "-"), commands, Duration.ofSeconds(20))
                .output();
    }

    /// Connects from one to another over IPv4.
    ///
    /// @throws java.net.SocketTimeoutException when it is dropped
    void dial(int from, int to, int port) throws IOException {
        dial(from, "198.18." + to + ".2", port);
    }

    void dial(int from, String address, int port) throws IOException {
        InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral(address), port);
        namespace(from)
                .call(() -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(target, MILLIS);
                    }
                    return from;
                });
    }

    private NetworkNamespace namespace(int number) {
        NetworkNamespace namespace = namespaces.get(number);
        if (namespace == null) {
            throw new IllegalArgumentException("neighbour " + number + " has not joined");
        }
        return namespace;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket server : servers) {
            server.close();
        }
        namespaces.values().forEach(NetworkNamespace::close);
    }
}
