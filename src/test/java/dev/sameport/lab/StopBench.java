package dev.sameport.lab;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What `docker stop` of one of three costs with an app that closes at once on its stop signal:
/// gunicorn with the article's httpbin, at 50 new connections a second. Run by `bench/stop`.
final class StopBench {
    private static final int ROUNDS = 5;
    private static final int REPLICAS = 3;
    private static final int PER_SECOND = 50;
    private static final int BEFORE = 100;
    private static final int AFTER = 150;
    private static final int MOST_LOST = 25;
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);

    private StopBench() {}

    public static void main(String[] arguments) throws Exception {
        Lab lab = Lab.get();
        lab.importHttpbin();
        List<Integer> lost = new ArrayList<>();
        try (DaemonProcess daemon = DaemonProcess.start(lab)) {
            for (int i = 0; i < ROUNDS; i++) {
                lost.add(round(lab, daemon));
                lab.reset();
            }
        }
        List<Integer> sorted = lost.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "docker stop of one of %d at %d/s: failed median %d, min %d, max %d of %d rounds with %d connections each%n",
                REPLICAS,
                PER_SECOND,
                sorted.get(ROUNDS / 2),
                sorted.getFirst(),
                sorted.getLast(),
                ROUNDS,
                BEFORE + AFTER);
        System.exit(sorted.getLast() <= MOST_LOST ? 0 : 1);
    }

    private static int round(Lab lab, DaemonProcess daemon) throws Exception {
        for (int i = 1; i <= REPLICAS; i++) {
            lab.docker(
                    "run",
                    "-d",
                    "--name",
                    "app-" + i,
                    "--label",
                    "sameport.publish=80:80",
                    Lab.HTTPBIN);
        }
        daemon.awaitReady("80/tcp", REPLICAS);
        try (Load load = lab.asClient(() -> Load.start(PORT, "/get", PER_SECOND, 8_000))) {
            load.awaitMore(BEFORE);
            lab.docker("stop", "app-2");
            load.awaitMore(AFTER);
            System.out.println("  failed: " + load.end());
            return load.lost();
        }
    }
}
