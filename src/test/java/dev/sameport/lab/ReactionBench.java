package dev.sameport.lab;

import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Nftables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/// How long after its socket listens a replica gets its first connection, and how long after its
/// death the rules have forgotten it. Run by `bench/reaction`.
final class ReactionBench {
    private static final int ROUNDS = 11;
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);

    private ReactionBench() {}

    public static void main(String[] arguments) throws Exception {
        Lab lab = Lab.get();
        try (DaemonProcess daemon = DaemonProcess.start(lab)) {
            List<Double> joins = new ArrayList<>();
            List<Double> leaves = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                joins.add(join(lab));
                lab.reset();
            }
            for (int i = 0; i < ROUNDS; i++) {
                leaves.add(leave(lab, daemon));
                lab.reset();
            }
            print("listening → first connection answered, ms", joins);
            print("kill -9 → rules without it, ms", leaves);
        }
        System.exit(0);
    }

    private static double join(Lab lab) throws Exception {
        lab.docker(
                "run",
                "-d",
                "--name",
                "late",
                "--label",
                "sameport.publish=80:8080",
                "--label",
                "sameport.hold=20s",
                Lab.HELLO,
                "--delay",
                "1500");
        InetAddress address =
                InetAddress.ofLiteral(
                        lab.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "late"));
        CompletableFuture<Long> answered = new CompletableFuture<>();
        lab.asClient(() ->
                Thread.ofPlatform()
                        .start(() -> {
                            String answer = Load.request(PORT, "/", 30_000);
                            if (answer.startsWith("!")) {
                                answered.completeExceptionally(new AssertionError(answer));
                            }
                            answered.complete(System.nanoTime());
                        }));
        long listening = lab.asHost(() -> firstConnect(new InetSocketAddress(address, 8080)));
        return (answered.get() - listening) / 1e6;
    }

    private static long firstConnect(InetSocketAddress address) {
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(address, 1_000);
                return System.nanoTime();
            } catch (IOException _) {
                Thread.onSpinWait();
            }
        }
    }

    private static double leave(Lab lab, DaemonProcess daemon) throws Exception {
        for (int i = 1; i <= 2; i++) {
            lab.docker(
                    "run",
                    "-d",
                    "--name",
                    "app-" + i,
                    "--label",
                    "sameport.publish=80:8080",
                    Lab.HELLO);
        }
        daemon.awaitReady("80/tcp", 2);
        String address = lab.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "app-2");
        long pid = Long.parseLong(lab.docker("inspect", "-f", "{{.State.Pid}}", "app-2"));
        try (NetworkNamespace host = NetworkNamespace.at(lab.host);
                Nftables nft = Nftables.open(host)) {
            nft.list("list table inet sameport");
            long killed = System.nanoTime();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            while (nft.list("list table inet sameport").contains('"' + address + '"')) {
                Thread.onSpinWait();
            }
            return (System.nanoTime() - killed) / 1e6;
        }
    }

    private static void print(String what, List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "%-45s median %.1f, min %.1f, max %.1f of %d%n",
                what,
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast(),
                sorted.size());
    }
}
