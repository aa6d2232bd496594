package dev.sameport.plane.nat;

import dev.sameport.linux.CommandException;
import dev.sameport.linux.Commands;
import dev.sameport.linux.Links;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.ThreadPriority;
import dev.sameport.model.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// A network namespace of ours that plays the external client, joined to the host by a pair of veth
/// interfaces. It vanishes with [#close] or with the process.
///
/// Its addresses are meant to collide with nothing: 169.254.255.248/30 is in the part of the
/// link-local range that no machine gives itself (RFC 3927, section 2.1), the other pair in a
/// private prefix of our own (RFC 4193). They are on the pair only; nothing routes them further.
final class TrialNamespace implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String HOST_IPV4 = "169.254.255.249";
    private static final String OWN_IPV4 = "169.254.255.250";
    private static final String HOST_IPV6 = "fd9b:1e5c:7a42:ffff::1";
    private static final int FAMILIES = Family.values().length;
    private static final String OWN_IPV6 = "fd9b:1e5c:7a42:ffff::2";

    private final NetworkNamespace host;
    private final NetworkNamespace namespace;
    private final int index;
    private final String withoutIpv6;
    // A thread for each family that stays there: to enter the namespace for each trial would take
    // longer than the trial.
    private final ExecutorService inside;

    private TrialNamespace(
            NetworkNamespace host, NetworkNamespace namespace, int index, String withoutIpv6) {
        this.host = host;
        this.namespace = namespace;
        this.index = index;
        this.withoutIpv6 = withoutIpv6;
        this.inside = namespace.call(TrialNamespace::threadsOfThisNamespace);
    }

    private static ExecutorService threadsOfThisNamespace() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(
                        FAMILIES,
                        FAMILIES,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("trial")
                                        .unstarted(() -> {
                                            boolean _ = ThreadPriority.raise();
                                            task.run();
                                        }));
        // They inherit the namespace of the thread that starts them: this one.
        int _ = executor.prestartAllCoreThreads();
        return executor;
    }

    /// Makes it, in place of one that another daemon left or still uses: it will make its own anew.
    ///
    /// @throws CommandException when `ip` is missing or refuses
    /// @throws dev.sameport.linux.LinuxException when namespaces can't be made: it takes
    ///   CAP_SYS_ADMIN
    static TrialNamespace create(NetworkNamespace host) {
        NetworkNamespace namespace = NetworkNamespace.createAnonymous();
        try {
            int thread = namespace.holderThread().orElseThrow();
            if (host.call(TrialNamespace::index) != 0) {
                delete(host);
            }
            batch(host, hostCommands(thread));
            batch(namespace, ownCommands());
            String withoutIpv6 = ipv6(host, namespace);
            return new TrialNamespace(
                    host, namespace, host.call(TrialNamespace::index), withoutIpv6);
        } catch (RuntimeException failure) {
            namespace.close();
            throw failure;
        }
    }

    private static void delete(NetworkNamespace host) {
        try {
            batch(host, "link delete " + Ruleset.TRIAL_INTERFACE + "\n");
        } catch (CommandException _) {
            // It vanished meanwhile, with the namespace of its other side; else adding will tell.
        }
    }

    private static String hostCommands(int thread) {
        return """
        link add %1$s type veth peer name try netns %2$d
        address add %3$s/30 dev %1$s
        link set %1$s up
        """
                .formatted(Ruleset.TRIAL_INTERFACE, thread, HOST_IPV4);
    }

    private static String ownCommands() {
        return """
        address add %s/30 dev try
        link set try up
        """
                .formatted(OWN_IPV4);
    }

    /// Without duplicate address detection, which would take a second. Returns why there is no
    /// IPv6, if there is none.
    private static String ipv6(NetworkNamespace host, NetworkNamespace namespace) {
        try {
            batch(
                    host,
                    "address add %s/126 dev %s nodad\n"
                            .formatted(HOST_IPV6, Ruleset.TRIAL_INTERFACE));
            batch(namespace, "address add %s/126 dev try nodad\n".formatted(OWN_IPV6));
            return "";
        } catch (CommandException failure) {
            return "this host refuses IPv6 addresses: " + failure.errors().strip();
        }
    }

    private static void batch(NetworkNamespace where, String commands) {
        var _ = where.call(() -> Commands.run(List.of("ip", "-batch", "-"), commands, TIMEOUT));
    }

    /// The index of our side of the pair, 0 where there is none, for the calling thread's
    /// namespace.
    private static int index() {
        try (Links links = Links.open()) {
            return links.links().stream()
                    .filter(link -> link.name().equals(Ruleset.TRIAL_INTERFACE))
                    .mapToInt(link -> link.index())
                    .findFirst()
                    .orElse(0);
        }
    }

    /// Whether the pair is still the one that was made, with its address.
    boolean intact() {
        return host.call(() -> {
            if (index() != index) {
                return false;
            }
            try (Links links = Links.open()) {
                return hasAddress(links, HOST_IPV4)
                        && (!withoutIpv6.isEmpty() || hasAddress(links, HOST_IPV6));
            }
        });
    }

    private boolean hasAddress(Links links, String literal) {
        InetAddress address = InetAddress.ofLiteral(literal);
        return links.addresses().stream()
                .anyMatch(owned ->
                        owned.interfaceIndex() == index && owned.address().equals(address));
    }

    /// Connects to the trial port of the host, as an external client would, and says why that did
    /// not work; empty where it did.
    CompletableFuture<String> connect(Family family, Duration timeout) {
        if (family == Family.IPV6 && !withoutIpv6.isEmpty()) {
            return CompletableFuture.completedFuture(withoutIpv6);
        }
        InetSocketAddress target =
                new InetSocketAddress(
                        InetAddress.ofLiteral(family == Family.IPV4 ? HOST_IPV4 : HOST_IPV6),
                        TrialRules.PORT);
        return CompletableFuture.supplyAsync(() -> connect(target, timeout), inside);
    }

    private static String connect(InetSocketAddress target, Duration timeout) {
        try (Socket socket = new Socket()) {
            socket.setSoLinger(true, 0); // A reset at the end: nothing is left to wait for.
            socket.connect(target, (int) Math.max(1, timeout.toMillis()));
            return "";
        } catch (SocketTimeoutException _) {
            return "no answer within " + timeout.toMillis() + " ms; a firewall may drop it";
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    /// Takes the pair away, too: the kernel would do so a while after the namespace is closed.
    @Override
    public void close() {
        inside.shutdown();
        if (host.call(TrialNamespace::index) == index) {
            delete(host);
        }
        namespace.close();
    }
}
