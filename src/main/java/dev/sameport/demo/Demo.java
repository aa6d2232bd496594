package dev.sameport.demo;

import dev.sameport.linux.CommandException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `sameport demo`: the main job, done by the real daemon through the real command line.
public final class Demo {
    private static final int ARTICLE_REQUESTS = 300;
    private static final int MOST_REQUESTS = 20_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final String SERVICE = "hello";
    private static final String SHARED = "shared";
    private static final String PROXIED = "proxied";

    private final PrintStream out;
    private final Path directory;
    private final @Nullable DemoNetwork network;
    private final DemoDaemon daemon;
    private final InetSocketAddress published;

    private Demo(PrintStream out, Path directory, @Nullable DemoNetwork network)
            throws IOException {
        this.out = out;
        this.directory = directory;
        this.network = network;
        this.published = network == null ? freePort() : network.published();
        this.daemon = new DemoDaemon(directory, network);
    }

    /// Runs it; the exit code is 1 if a request was lost that should not have been.
    public static int run(int replicas, boolean mayInstall, boolean root, PrintStream out)
            throws Exception {
        boolean isolated = root && kernelPlanes(mayInstall, out);
        Path directory = Files.createTempDirectory("sameport-demo-");
        @Nullable DemoNetwork network = isolated ? DemoNetwork.create(directory) : null;
        Demo demo = new Demo(out, directory, network);
        try {
            return demo.play(replicas);
        } finally {
            demo.clean();
        }
    }

    private static boolean kernelPlanes(boolean mayInstall, PrintStream out) {
        List<String> missing = Packages.missing();
        if (missing.isEmpty()) {
            return true;
        }
        if (!mayInstall || !Packages.aptSystem()) {
            out.println(
                    "Without "
                            + String.join(" and ", missing)
                            + " there is no nat plane; the listener does it alone.");
            return false;
        }
        try {
            return Packages.install(missing, out);
        } catch (CommandException e) {
            out.println("That failed (" + e.getMessage() + "); the listener does it alone.");
            return false;
        }
    }

    private static InetSocketAddress freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), socket.getLocalPort());
        }
    }

    private int play(int replicas) throws Exception {
        out.println(
                network == null
                        ? "Without root, everything happens on 127.0.0.1, through the listener.\n"
                        : "Everything happens in network namespaces of its own: no port, rule or address of this machine is touched.\n");
        daemon.start();
        out.println("1. " + replicas + " replicas, one port");
        start(SERVICE, replicas, published);
        daemon.awaitReplicas(SERVICE, replicas);
        Tally article = asClient(published, client -> client.requests(ARTICLE_REQUESTS));
        out.println(
                "   " + ARTICLE_REQUESTS + " requests from " + who() + ", a new connection each:");
        out.print(BarChart.of(article.answers()));
        out.println("   " + article.losses() + "\n");

        out.println("2. Scaled to 5 and back to 2 while requests run");
        Tally scaled =
                during(
                        published,
                        () -> {
                            scale(5);
                            daemon.awaitReplicas(SERVICE, 5);
                            scale(2);
                            daemon.awaitGone(SERVICE + "-3");
                        });
        out.println("   " + scaled.total() + " requests, " + scaled.losses() + "\n");

        out.println("3. One replica killed (kill -9) while requests run");
        Tally killed =
                during(
                        published,
                        () -> {
                            out.println("   $ kill -9 " + daemon.killReplica());
                            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
                        });
        out.println(
                "   "
                        + killed.total()
                        + " requests, "
                        + killed.losses()
                        + ": what it was serving, and what came before the rules changed\n");

        out.println("4. One network namespace, unmodified servers (SO_REUSEPORT)");
        int unshared = share(replicas);

        out.println("5. HTTP, shared out request by request (the proxy)");
        int unproxied = proxy(replicas);

        out.println("6. What this machine can do");
        out.print(
                daemon.cli("doctor")
                        .lines()
                        .filter(line -> !line.contains("provider"))
                        .map(line -> "   " + line + "\n")
                        .reduce("", String::concat));
        out.print(
                "\n"
                        + daemon.cli("ls")
                                .lines()
                                .map(line -> "   " + line + "\n")
                                .reduce("", String::concat));
        return article.lost() + scaled.lost() + unshared + unproxied == 0 ? 0 : 1;
    }

    /// Returns how many requests were lost.
    private int share(int replicas) throws Exception {
        if (network == null) {
            out.println("   It takes root: without, every process is on the host's network.\n");
            return 0;
        }
        InetSocketAddress port =
                new InetSocketAddress(published.getAddress(), published.getPort() + 1);
        try {
            start(SHARED, replicas, port, "--mode", "reuseport");
        } catch (IllegalStateException refusal) {
            out.println("   " + String.valueOf(refusal.getMessage()).strip() + "\n");
            return 0;
        }
        daemon.awaitReplicas(SHARED, replicas);
        Tally shared = asClient(port, client -> client.requests(ARTICLE_REQUESTS));
        out.println(
                "   " + ARTICLE_REQUESTS + " requests to servers that know nothing of each other:");
        out.print(BarChart.of(shared.answers()));
        out.println("   " + shared.losses() + "\n");
        return shared.lost();
    }

    /// Returns how many requests were lost.
    private int proxy(int replicas) throws Exception {
        InetSocketAddress port =
                network == null
                        ? freePort()
                        : new InetSocketAddress(published.getAddress(), published.getPort() + 2);
        start(PROXIED, replicas, port, "--protocol", "http");
        daemon.awaitReplicas(PROXIED, replicas);
        Tally spread = asClient(port, client -> client.requests(ARTICLE_REQUESTS));
        out.print(BarChart.of(spread.answers()));
        Tally killed =
                during(
                        port,
                        () -> {
                            out.println("   $ kill -9 " + daemon.killReplica());
                            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
                        });
        out.println(
                "   "
                        + killed.total()
                        + " requests, "
                        + killed.losses()
                        + ": a GET that a replica took to its grave is asked of another\n");
        return spread.lost() + killed.lost();
    }

    private void start(String service, int replicas, InetSocketAddress port, String... more) {
        List<String> words = new ArrayList<>(List.of("run", "--detach", "--name", service));
        words.addAll(List.of(more));
        words.addAll(List.of("--scale", Integer.toString(replicas)));
        words.addAll(List.of("-p", port.getPort() + ":8080", "--"));
        String shown = String.join(" ", words) + " java HelloServer";
        words.addAll(DemoDaemon.helloServer());
        show(shown, words.toArray(String[]::new));
    }

    private String who() {
        return network == null ? "this host" : "an external client";
    }

    private void show(String shown, String... words) {
        out.println("   $ sameport " + shown);
        daemon.cli(words);
    }

    private void scale(int replicas) {
        show(
                "run --name " + SERVICE + " --scale " + replicas,
                "run",
                "--name",
                SERVICE,
                "--scale",
                Integer.toString(replicas));
    }

    /// Something that a client does.
    private interface ClientWork {
        Tally with(DemoClient client) throws Exception;
    }

    private Tally asClient(InetSocketAddress port, ClientWork work) throws Exception {
        DemoClient client = new DemoClient(port);
        return network == null ? work.with(client) : network.asClient(() -> work.with(client));
    }

    /// Something that happens while requests run.
    private interface Scene {
        void play() throws Exception;
    }

    private Tally during(InetSocketAddress port, Scene scene) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Tally> tally = new CompletableFuture<>();
        Thread load =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                tally.complete(
                                        asClient(
                                                port,
                                                client ->
                                                        client.until(
                                                                stop, MOST_REQUESTS, PAUSE_NANOS)));
                            } catch (Exception e) {
                                tally.completeExceptionally(e);
                            }
                        });
        try {
            scene.play();
        } finally {
            stop.set(true);
            load.join();
        }
        return tally.get();
    }

    private void clean() throws IOException {
        out.println("\nCleaning up.");
        daemon.close();
        if (network != null) {
            network.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        out.println("Done: nothing is left behind.");
    }
}
