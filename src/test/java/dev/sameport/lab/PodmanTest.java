package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What ends of Podman's containers cost, and that its events are followed.
///
/// `podman stop` has no event of its own: the first that can be known of it is the end of the
/// process, so what arrives between the closing of the app's socket and the change of the rules is
/// lost, however politely the app ends. Measured: a few milliseconds' worth; asserted: at most 100
/// ms' worth of one endpoint's share.
@LabTest
class PodmanTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 81);
    private static final int REPLICAS = 3;
    private static final int PER_SECOND = 200;
    private static final int MOST_LOST = PER_SECOND / 10 / REPLICAS;
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() {
        LAB.reset();
        daemon = DaemonProcess.start(LAB);
    }

    @AfterAll
    static void stop() {
        daemon.close();
    }

    @BeforeEach
    void three() {
        for (int i = 1; i <= REPLICAS; i++) {
            String name = "pod-" + i;
            LAB.podman(
                    "run",
                    "-d",
                    "--name",
                    name,
                    "--hostname",
                    name,
                    "--label",
                    "sameport.publish=81:8080",
                    Lab.HELLO);
        }
        daemon.awaitReady("81/tcp", REPLICAS);
    }

    @AfterEach
    void reset() {
        LAB.reset();
    }

    /// Ends pod-2 under load; nobody may hang, and few be lost.
    private static void assertFewAreLost(Runnable end) throws Exception {
        try (Load load = LAB.asClient(() -> Load.start(PORT, "/", PER_SECOND, 8_000))) {
            load.awaitMore(300);
            end.run();
            load.awaitMore(400);
            Map<String, Integer> failures = load.end();
            assertTrue(load.lost() <= MOST_LOST, () -> failures + "\n" + daemon.log());
            assertTrue(!failures.containsKey("! timed out"), () -> failures + "\n" + daemon.log());
        }
    }

    @Test
    void a_stopped_container_costs_milliseconds_and_is_back_when_it_starts_again()
            throws Exception {
        assertFewAreLost(() -> LAB.podman("stop", "pod-2"));
        daemon.awaitReady("81/tcp", 2);
        assertEquals(2, LAB.asClient(() -> Load.sequence(PORT, "/", 60)).size(), daemon::log);
        LAB.podman("start", "pod-2");
        daemon.awaitReady("81/tcp", REPLICAS);
        ChiSquare.assertEven(LAB.asClient(() -> Load.sequence(PORT, "/", 600)), REPLICAS);
    }

    @Test
    void a_container_that_podman_kills_costs_milliseconds() throws Exception {
        assertFewAreLost(() -> LAB.podman("kill", "pod-2"));
    }

    @Test
    void a_container_whose_process_is_killed_costs_milliseconds_and_is_gone() throws Exception {
        long pid = Long.parseLong(LAB.podman("inspect", "-f", "{{.State.Pid}}", "pod-2"));
        assertFewAreLost(() -> ProcessHandle.of(pid).orElseThrow().destroyForcibly());
        Lab.await("the end of pod-2", () -> !daemon.get("/v1/replicas").contains("pod-2"));
        assertEquals(2, LAB.asClient(() -> Load.sequence(PORT, "/", 60)).size(), daemon::log);
    }
}
