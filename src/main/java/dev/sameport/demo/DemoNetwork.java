package dev.sameport.demo;

import dev.sameport.linux.Commands;
import dev.sameport.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Two network namespaces joined by a veth pair: the demo's own host, and an external client.
/// Neither has a way out.
final class DemoNetwork implements AutoCloseable {
    static final int PORT = 80;
    private static final String HOST = "198.19.250.1";
    private static final String CLIENT = "198.19.250.2";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Path host;
    private final Path client;

    private DemoNetwork(Path host, Path client) {
        this.host = host;
        this.client = client;
    }

    static DemoNetwork create(Path directory) throws IOException {
        Path host = Files.createFile(directory.resolve("host"));
        Path client = Files.createFile(directory.resolve("client"));
        DemoNetwork network = new DemoNetwork(host, client);
        try {
            ip(List.of("unshare", "--net=" + host, "true"), "");
            ip(List.of("unshare", "--net=" + client, "true"), "");
            network.connect();
            return network;
        } catch (RuntimeException failure) {
            network.close();
            throw failure;
        }
    }

    private void connect() {
        ip(
                inHost("ip", "-batch", "-"),
                """
                link set lo up
                link add name client0 type veth peer name eth0 netns %s
                address add %s/30 dev client0
                link set client0 up
                """
                        .formatted(client, HOST));
        ip(
                List.of("nsenter", "--net=" + client, "ip", "-batch", "-"),
                """
                link set lo up
                address add %s/30 dev eth0
                link set eth0 up
                route add default via %s
                """
                        .formatted(CLIENT, HOST));
    }

    private static void ip(List<String> command, String input) {
        Commands.run(command, input, TIMEOUT);
    }

    /// The words that run a command inside the demo's host.
    List<String> inHost(String... command) {
        List<String> words = new java.util.ArrayList<>(List.of("nsenter", "--net=" + host, "--"));
        words.addAll(List.of(command));
        return words;
    }

    /// The published port, as the external client sees it.
    InetSocketAddress published() {
        return new InetSocketAddress(HOST, PORT);
    }

    /// Does `work` as the external client.
    <T> T asClient(NetworkNamespace.Work<T, Exception> work) throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.at(client)) {
            return namespace.call(work);
        }
    }

    @Override
    public void close() {
        for (Path namespace : List.of(client, host)) {
            try {
                Commands.run(TIMEOUT, "umount", namespace.toString());
            } catch (RuntimeException _) {
                // It was never mounted: creating it failed half-way, and that is what gets
                // reported.
            }
        }
    }
}
