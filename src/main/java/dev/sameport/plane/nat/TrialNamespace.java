package dev.sameport.plane.nat;

import dev.sameport.linux.Commands;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.model.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/// A network namespace of our own, joined to the host by a veth pair, that plays the external
/// client. It vanishes with the process.
///
/// Its addresses are link-local ones that nobody routes (169.254.116.0/30, RFC 3927) and of our own
/// private prefix (RFC 4193).
final class TrialNamespace implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String HOST4 = "169.254.116.1";
    private static final String HOST6 = "fd73:616d:6570:6f72:ffff::1";
    private static final String OWN4 = "169.254.116.2";
    private static final String OWN6 = "fd73:616d:6570:6f72:ffff::2";

    private final NetworkNamespace namespace;

    private TrialNamespace(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    static TrialNamespace create() {
        NetworkNamespace namespace = NetworkNamespace.createAnonymous();
        try {
            host(namespace.holderThread().orElseThrow());
            namespace.call(TrialNamespace::inside);
            return new TrialNamespace(namespace);
        } catch (RuntimeException failure) {
            namespace.close();
            throw failure;
        }
    }

    private static void host(int thread) {
        String link = Ruleset.TRIAL_LINK;
        try {
            Commands.run(TIMEOUT, "ip", "link", "delete", link);
        } catch (RuntimeException _) {
            // There was none, as it should be: it vanishes with the process that made it.
        }
        Commands.run(
                List.of("ip", "-batch", "-"),
                """
                link add name %1$s type veth peer name eth0 netns %2$d
                address add %3$s/30 dev %1$s
                address add %4$s/126 dev %1$s nodad
                link set %1$s up
                """
                        .formatted(link, thread, HOST4, HOST6),
                TIMEOUT);
    }

    private static Object inside() {
        return Commands.run(
                List.of("ip", "-batch", "-"),
                """
                link set lo up
                address add %1$s/30 dev eth0
                address add %2$s/126 dev eth0 nodad
                link set eth0 up
                """
                        .formatted(OWN4, OWN6),
                TIMEOUT);
    }

    /// Whether a connection from here to `port` of the host's end arrives somewhere.
    boolean connects(Family family, int port, Duration timeout) {
        InetSocketAddress address =
                new InetSocketAddress(
                        InetAddress.ofLiteral(family == Family.IPV4 ? HOST4 : HOST6), port);
        return namespace.call(() -> connect(address, timeout));
    }

    private static boolean connect(InetSocketAddress address, Duration timeout) {
        try (Socket socket = new Socket()) {
            socket.setSoLinger(true, 0);
            socket.connect(address, Math.toIntExact(timeout.toMillis()));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() {
        namespace.close();
    }
}
