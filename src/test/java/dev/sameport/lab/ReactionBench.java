package dev.sameport.lab;

import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.linux.NftablesMonitor;
import dev.sameport.linux.ThreadPriority;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// How long after its socket listens a replica is in the rules, and its first connection answered;
/// how long after its death the rules have forgotten it. Run by `bench/reaction`.
///
/// The kernel's own notifications tell when rules changed: looking again and again would hold the
/// lock that the daemon needs. All times are of CLOCK_MONOTONIC, which containers share.
final class ReactionBench {
    private static final int ROUNDS = 11;
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);

    private final Lab lab = Lab.get();
    private final BlockingQueue<Long> changes = new LinkedBlockingQueue<>();
    private final List<Double> inRules = new ArrayList<>();
    private final List<Double> given = new ArrayList<>();
    private final List<Double> beside = new ArrayList<>();
    private final List<Double> answered = new ArrayList<>();
    private final List<Double> gone = new ArrayList<>();

    private ReactionBench() {}

    public static void main(String[] arguments) throws Exception {
        new ReactionBench().run();
        System.exit(0);
    }

    /// Lets the code that tells of changes be compiled: it is the clock.
    private static void warmUp() {
        try (NetworkNamespace elsewhere = NetworkNamespace.createAnonymous();
                Nftables nft = Nftables.open(elsewhere);
                NftablesMonitor _ = elsewhere.call(() -> NftablesMonitor.open(_ -> {}))) {
            nft.apply("add table inet t");
            for (int i = 0; i < 2_000; i++) {
                nft.apply("add chain inet t c\ndelete chain inet t c\n");
            }
        }
    }

    private void run() throws Exception {
        warmUp();
        try (DaemonProcess daemon = DaemonProcess.start(lab);
                NftablesMonitor _ =
                        lab.asHost(() -> NftablesMonitor.open(_ -> note(System.nanoTime())));
                NetworkNamespace host = NetworkNamespace.at(lab.host);
                Nftables nft = Nftables.open(host)) {
            for (int i = 0; i < ROUNDS; i++) {
                join(daemon, nft, false);
                lab.reset();
                join(daemon, nft, true);
                lab.reset();
            }
            for (int i = 0; i < ROUNDS; i++) {
                leave(daemon, nft);
                lab.reset();
            }
        }
        print("first of a port: listening → in the rules", inRules);
        print("… → held connection given to it", given);
        print("… → held connection answered", answered);
        print("beside another: listening → in the rules", beside);
        print("kill -9 → rules without it", gone);
    }

    /// On the monitor's thread, which must not be what is measured.
    private void note(long at) {
        changes.add(at);
        boolean _ = ThreadPriority.raise();
    }

    /// @param second whether another endpoint serves the port already
    private void join(DaemonProcess daemon, Nftables nft, boolean second) throws Exception {
        if (second) {
            hello("early", "0");
            daemon.awaitReady("80/tcp", 1);
        }
        changes.clear();
        hello("late", "1500");
        String address = lab.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "late");
        if (second) {
            long changed = changed(nft, address, true);
            beside.add((changed - logged("listening")) / 1e6);
            return;
        }
        Lab.await("one endpoint", () -> daemon.get("/v1/services").contains(" 0/1 "));
        CompletableFuture<Long> answer = held();
        long changed = changed(nft, address, true);
        long answeredAt = answer.get(30, TimeUnit.SECONDS);
        long listening = logged("listening");
        inRules.add((changed - listening) / 1e6);
        given.add((logged("asked") - listening) / 1e6);
        answered.add((answeredAt - listening) / 1e6);
    }

    private void hello(String name, String delay) {
        lab.docker(
                "run",
                "-d",
                "--name",
                name,
                "--label",
                "sameport.publish=80:8080",
                "--label",
                "sameport.hold=20s",
                Lab.HELLO,
                "--delay",
                delay);
    }

    /// A connection that waits for an endpoint, and when it was answered.
    private CompletableFuture<Long> held() throws Exception {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        lab.asClient(() ->
                Thread.ofPlatform()
                        .start(() -> {
                            String text = Load.request(PORT, "/", 30_000);
                            if (text.startsWith("!")) {
                                answer.completeExceptionally(new AssertionError(text));
                            }
                            answer.complete(System.nanoTime());
                        }));
        return answer;
    }

    private long logged(String what) {
        return Long.parseLong(
                lab.docker("logs", "late").replaceAll("(?s).*" + what + " at (\\d+).*", "$1"));
    }

    private void leave(DaemonProcess daemon, Nftables nft) throws Exception {
        for (int i = 1; i <= 2; i++) {
            lab.docker(
                    "run",
                    "-d",
                    "--name",
                    "app-" + i,
                    "--label",
                    "sameport.publish=80:8080",
                    Lab.BUSYBOX,
                    // A small process: a JVM's own teardown would be most of what is measured.
                    "/bin/busybox",
                    "httpd",
                    "-f",
                    "-p",
                    "8080");
        }
        daemon.awaitReady("80/tcp", 2);
        String address = lab.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "app-2");
        long pid = Long.parseLong(lab.docker("inspect", "-f", "{{.State.Pid}}", "app-2"));
        changes.clear();
        long killed = System.nanoTime();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        gone.add((changed(nft, address, false) - killed) / 1e6);
    }

    /// When the rules began, or ceased, to lead to an address.
    private long changed(Nftables nft, String address, boolean there) throws Exception {
        for (Long at = changes.poll(30, TimeUnit.SECONDS);
                at != null;
                at = changes.poll(30, TimeUnit.SECONDS)) {
            if (leadsTo(nft, address) == there) {
                return at;
            }
        }
        throw new AssertionError(address + " never " + (there ? "came" : "left"));
    }

    /// The port's own map, not that of a trial.
    private static boolean leadsTo(Nftables nft, String address) {
        try {
            return nft.list("list map inet sameport tcp_80_any_to_ipv4")
                    .contains('"' + address + '"');
        } catch (NftablesException _) {
            return false; // Not made yet.
        }
    }

    private static void print(String what, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%-40s median %.1f ms, min %.1f, max %.1f of %d%n",
                what,
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }
}
