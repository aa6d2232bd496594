package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What new connections see of an engine that restarts, and of a firewall that someone flushes.
@LabTest
class EngineRestartTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);
    private static final int PER_SECOND = 500;
    private DaemonProcess daemon;

    @BeforeEach
    void start() {
        LAB.reset();
        daemon = DaemonProcess.start(LAB);
        for (int i = 1; i <= 3; i++) {
            String name = "app-" + i;
            LAB.docker(
                    "run",
                    "-d",
                    "--name",
                    name,
                    "--hostname",
                    name,
                    "--label",
                    "sameport.publish=80:8080",
                    Lab.HELLO);
        }
        daemon.awaitReady("80/tcp", 3);
    }

    @AfterEach
    void stop() {
        daemon.close();
        LAB.reset();
    }

    private static Load load() throws Exception {
        return LAB.asClient(() -> Load.start(PORT, "/", PER_SECOND, 8_000));
    }

    @Test
    void an_engine_restart_loses_no_connection_and_its_endpoints_stay_meanwhile() throws Exception {
        LAB.liveRestore(true);
        try (Load load = load()) {
            load.awaitMore(300);
            LAB.stopDocker();
            Lab.await("the problem", () -> daemon.get("/v1/services").contains("! engine"));
            load.awaitMore(500);
            String meanwhile = daemon.get("/v1/services");
            assertTrue(meanwhile.contains(" 3/3 "), meanwhile);
            LAB.startDocker();
            Lab.await("the engine", () -> !daemon.get("/v1/services").contains("! engine"));
            load.awaitMore(1_000);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
        } finally {
            LAB.liveRestore(false);
        }
        daemon.awaitReady("80/tcp", 3);
        ChiSquare.assertEven(LAB.asClient(() -> Load.sequence(PORT, "/", 600)), 3);
    }

    @Test
    void a_daemon_that_starts_while_the_engine_is_down_goes_on_without_a_gap() throws Exception {
        LAB.liveRestore(true);
        try (Load load = load()) {
            load.awaitMore(300);
            LAB.stopDocker();
            daemon.kill9();
            load.awaitMore(200);
            daemon.start();
            load.awaitMore(500);
            String meanwhile = daemon.get("/v1/services");
            assertTrue(meanwhile.contains(" nat ") && meanwhile.contains(" 3/3 "), meanwhile);
            LAB.startDocker();
            Lab.await("the engine", () -> !daemon.get("/v1/services").contains("! engine"));
            load.awaitMore(500);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
        } finally {
            LAB.liveRestore(false);
        }
    }

    @Test
    void after_a_flush_of_the_whole_ruleset_no_new_connection_fails_and_the_rules_are_back()
            throws Exception {
        try (Load load = load()) {
            load.awaitMore(300);
            LAB.onHost("nft", "flush", "ruleset");
            Instant flushed = Instant.now();
            Lab.await(
                    "the repair",
                    () -> LAB.onHost("nft", "list", "tables").contains("inet sameport"));
            Duration repaired = Duration.between(flushed, Instant.now());
            load.awaitMore(1_000);
            load.end();
            // Connections that were open when conntrack's rules went may be reset: not judged.
            Map<Boolean, List<Load.Failure>> failures = load.failuresFrom(flushed);
            assertEquals(
                    List.of(),
                    failures.get(true),
                    () ->
                            "begun before the flush and reset: "
                                    + failures.get(false).size()
                                    + "\n"
                                    + daemon.log());
            // It takes milliseconds (docs/benchmarks.md), but this machine may be busy.
            assertTrue(repaired.toMillis() < 5_000, repaired + "\n" + daemon.log());
            ChiSquare.assertEven(LAB.asClient(() -> Load.sequence(PORT, "/", 600)), 3);
            assertTrue(daemon.get("/v1/services").contains(" nat "), daemon.log());
        } finally {
            // Docker makes its own rules anew when it starts.
            LAB.reset();
            LAB.stopDocker();
            LAB.startDocker();
        }
    }
}
