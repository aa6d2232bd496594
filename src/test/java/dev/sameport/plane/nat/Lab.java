package dev.sameport.plane.nat;

import dev.sameport.linux.Commands;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.Sysctl;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.Reach;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A host with an external client and three endpoints on a bridge, each in a namespace of its own;
/// all vanish with it.
///
/// Endpoints listen on 8080 at 198.18.1.11–13 and fd00:1::11–13, the listener of the host on 80;
/// each answers with its name and its peer's address, then echoes lines. The host is 198.18.2.1 and
/// fd00:2::1 to the client 198.18.2.2 and fd00:2::2.
final class Lab implements AutoCloseable {
    static final String HOST_IPV4 = "198.18.2.1";
    static final String HOST_IPV6 = "fd00:2::1";
    static final int PORT = 80;
    private static final int ENDPOINT_PORT = 8080;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    final NetworkNamespace host = NetworkNamespace.createAnonymous();
    final NetworkNamespace client = NetworkNamespace.createAnonymous();
    final List<NetworkNamespace> endpoints =
            Stream.generate(NetworkNamespace::createAnonymous).limit(3).toList();
    private final List<ServerSocket> servers = new ArrayList<>();

    Lab() throws IOException {
        Stream.concat(Stream.of(host, client), endpoints.stream()).forEach(Lab::prepare);
        host.call(() -> {
            Sysctl.write("net.ipv4.ip_forward", "1");
            Sysctl.write("net.ipv6.conf.all.forwarding", "1");
            return host;
        });
        ip(
                host,
                """
                link set lo up
                link add br-web type bridge
                addr add 198.18.1.1/24 dev br-web
                addr add fd00:1::1/64 dev br-web nodad
                link set br-web up
                link add ext type veth peer name eth0 netns %d
                addr add 198.18.2.1/24 dev ext
                addr add fd00:2::1/64 dev ext nodad
                link set ext up
                """
                        .formatted(client.holderThread().orElseThrow()));
        inside(client, 2, 2);
        for (int i = 0; i < endpoints.size(); i++) {
            ip(
                    host,
                    """
                    link add port%1$d type veth peer name eth0 netns %2$d
                    link set port%1$d master br-web
                    link set port%1$d up
                    """
                            .formatted(i, endpoints.get(i).holderThread().orElseThrow()));
            inside(endpoints.get(i), 1, 11 + i);
            serve(endpoints.get(i), "web-" + (i + 1), ENDPOINT_PORT);
        }
        serve(host, "listener", PORT);
    }

    /// Without duplicate address detection, which would take two seconds.
    private static void prepare(NetworkNamespace namespace) {
        namespace.call(() -> {
            Sysctl.write("net.ipv6.conf.default.dad_transmits", "0");
            Sysctl.write("net.ipv6.conf.default.accept_dad", "0");
            return namespace;
        });
    }

    private static void inside(NetworkNamespace namespace, int network, int number) {
        ip(
                namespace,
                """
                link set lo up
                addr add 198.18.%1$d.%2$d/24 dev eth0
                addr add fd00:%1$d::%2$d/64 dev eth0 nodad
                link set eth0 up
                route add default via 198.18.%1$d.1
                route add ::/0 via fd00:%1$d::1
                """
                        .formatted(network, number));
    }

    private static void ip(NetworkNamespace namespace, String commands) {
        namespace.call(() -> Commands.run(List.of("ip", "-batch", "-"), commands, TIMEOUT));
    }

    /// Runs a command in a namespace, split at blanks.
    static String run(NetworkNamespace namespace, String command) {
        return namespace.call(() -> Commands.run(TIMEOUT, command.split(" ")).output());
    }

    void nft(String commands) {
        host.call(() -> Commands.run(List.of("nft", "-f", "-"), commands, TIMEOUT));
    }

    NatPlane plane(NatOptions options) {
        return host.call(() -> new NatPlane(Nftables.open(), options));
    }

    /// A ready endpoint; `number` is 1 to 3.
    static Endpoint endpoint(int number, int weight) {
        return endpoint(number, weight, ENDPOINT_PORT);
    }

    static Endpoint endpoint(int number, int weight, int port) {
        return Examples.endpoint(
                "web-" + number,
                new EndpointAddresses(
                        (Inet4Address) InetAddress.ofLiteral("198.18.1." + (10 + number)),
                        (Inet6Address) InetAddress.ofLiteral("fd00:1::" + (10 + number)),
                        port),
                weight,
                new Reach.OnBridge("br-web"));
    }

    private void serve(NetworkNamespace namespace, String name, int port) throws IOException {
        ServerSocket server = namespace.call(() -> new ServerSocket(port, 4096));
        servers.add(server);
        Thread.ofPlatform()
                .daemon()
                .name(name)
                .start(() -> {
                    while (true) {
                        try {
                            Socket accepted = server.accept();
                            Thread.ofVirtual().start(() -> answer(accepted, name));
                        } catch (IOException _) {
                            return; // The test ended.
                        }
                    }
                });
    }

    private static void answer(Socket accepted, String name) {
        try (accepted) {
            BufferedReader in = reader(accepted);
            write(accepted, name + " " + Conversation.plain(accepted.getInetAddress()));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                write(accepted, line);
            }
        } catch (IOException _) {
            // The client went away.
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void write(Socket socket, String line) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /// A connection that goes on.
    record Conversation(Socket socket, BufferedReader in, String server, String seenAs)
            implements AutoCloseable {
        static String plain(InetAddress address) {
            return address.getHostAddress();
        }

        /// What comes back for a line.
        String say(String line) throws IOException {
            write(socket, line);
            return String.valueOf(in.readLine());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// Connects from `from` to a port of `address`; reads its greeting.
    static Conversation connect(NetworkNamespace from, String address, int port)
            throws IOException {
        return from.call(
                () -> connect(new InetSocketAddress(InetAddress.ofLiteral(address), port)));
    }

    private static Conversation connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            socket.setSoLinger(true, 0);
            socket.connect(address, (int) TIMEOUT.toMillis());
            BufferedReader in = reader(socket);
            String[] greeting = String.valueOf(in.readLine()).split(" ");
            return new Conversation(socket, in, greeting[0], greeting[greeting.length - 1]);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /// Who answers at `address`, port 80.
    static String whoAnswers(NetworkNamespace from, String address) throws IOException {
        try (Conversation conversation = connect(from, address, PORT)) {
            return conversation.server();
        }
    }

    /// How often each answered in `count` connections.
    static Map<String, Integer> answers(NetworkNamespace from, String address, int count)
            throws IOException {
        InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral(address), PORT);
        return from.call(() -> {
            Map<String, Integer> answers = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                try (Conversation conversation = connect(target)) {
                    answers.merge(conversation.server(), 1, Integer::sum);
                }
            }
            return answers;
        });
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket server : servers) {
            server.close();
        }
        endpoints.forEach(NetworkNamespace::close);
        client.close();
        host.close();
    }
}
