package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a deploy costs, under load from an external client: 1,000 new connections a second, on a
/// server that goes on accepting for 500 ms after its stop signal.
@LabTest
class DeploymentTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);
    private static final int PER_SECOND = 1_000;
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() {
        daemon = DaemonProcess.start(LAB);
    }

    @AfterAll
    static void stop() {
        daemon.close();
    }

    @AfterEach
    void reset() {
        LAB.reset();
    }

    private static void hello(int number) {
        String name = "app-" + number;
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

    private static Load load(int perSecond) throws Exception {
        // Slow is not lost: on a busy machine an answer may take its time, but it has to come.
        return LAB.asClient(() -> Load.start(PORT, "/", perSecond, 30_000));
    }

    @Test
    void scaling_from_one_to_ten_and_back_loses_no_connection() throws Exception {
        hello(1);
        daemon.awaitReady("80/tcp", 1);
        try (Load load = load(PER_SECOND)) {
            load.awaitMore(500);
            for (int i = 2; i <= 10; i++) {
                hello(i);
            }
            daemon.awaitReady("80/tcp", 10);
            load.awaitMore(500);
            for (int i = 2; i <= 10; i++) {
                LAB.docker("stop", "app-" + i);
                LAB.docker("rm", "app-" + i);
            }
            daemon.awaitReady("80/tcp", 1);
            load.awaitMore(500);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
            assertEquals(10, load.answers().size());
        }
    }

    @Test
    void stopping_one_of_three_loses_no_connection() throws Exception {
        for (int i = 1; i <= 3; i++) {
            hello(i);
        }
        daemon.awaitReady("80/tcp", 3);
        try (Load load = load(PER_SECOND)) {
            load.awaitMore(500);
            LAB.docker("stop", "app-2");
            load.awaitMore(1_000);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
        }
    }

    @Test
    void
            a_container_that_is_killed_costs_what_it_was_serving_and_what_came_before_the_rules_changed()
                    throws Exception {
        for (int i = 1; i <= 3; i++) {
            hello(i);
        }
        daemon.awaitReady("80/tcp", 3);
        try (Load load = load(500)) {
            load.awaitMore(500);
            LAB.docker("kill", "app-2");
            load.awaitMore(1_000);
            Map<String, Integer> failures = load.end();
            int lost = failures.values().stream().mapToInt(Integer::intValue).sum();
            // 500 a second on three replicas: those in flight, and those of the time until the
            // rules change, which bench/reaction measures: a busy machine may need 0.1 s. Nobody
            // hangs.
            assertTrue(lost <= 50, failures.toString());
            assertTrue(!failures.containsKey("! timed out"), failures.toString());
        }
    }

    @Test
    void when_every_replica_is_stopped_and_started_again_within_the_hold_new_connections_wait()
            throws Exception {
        for (int i = 1; i <= 2; i++) {
            hello(i);
        }
        daemon.awaitReady("80/tcp", 2);
        try (Load load = load(100)) {
            load.awaitMore(100);
            LAB.docker("stop", "app-1", "app-2");
            LAB.docker("start", "app-1", "app-2");
            daemon.awaitReady("80/tcp", 2);
            load.awaitMore(200);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
        }
    }

    @Test
    void a_paused_replica_gets_no_new_connections_until_it_is_unpaused() throws Exception {
        hello(1);
        hello(2);
        daemon.awaitReady("80/tcp", 2);
        LAB.docker("pause", "app-2");
        Lab.await("the pause", () -> daemon.get("/v1/replicas").contains("paused"));
        assertEquals(
                Map.of("Hello from app-1", 50), LAB.asClient(() -> Load.sequence(PORT, "/", 50)));
        LAB.docker("unpause", "app-2");
        daemon.awaitReady("80/tcp", 2);
        assertEquals(2, LAB.asClient(() -> Load.sequence(PORT, "/", 60)).size());
    }

    @Test
    void without_an_endpoint_new_connections_are_refused_at_once() throws Exception {
        LAB.docker(
                "run",
                "-d",
                "--name",
                "idle",
                "--label",
                "sameport.publish=80:9999",
                "--label",
                "sameport.hold=1s",
                Lab.HELLO);
        Lab.await("the refusal", () -> daemon.get("/v1/services").contains("refused"));
        long start = System.nanoTime();
        assertEquals("! refused", LAB.asClient(() -> Load.request(PORT, "/", 3_000)));
        // Long before a hold of 5 s would be over.
        assertTrue(System.nanoTime() - start < 4_000_000_000L);
        assertTrue(daemon.cli("explain", "idle").contains("listen"), daemon.cli("explain", "idle"));
    }

    @Test
    void compose_scales_the_articles_app_on_one_port() throws Exception {
        LAB.importHttpbin();
        String up =
                LAB.onHost(
                        "env",
                        "DOCKER_HOST=" + LAB.dockerHost(),
                        "COMPOSE_HTTP_TIMEOUT=120",
                        "docker-compose",
                        "-f",
                        "examples/compose/docker-compose.yml",
                        "-p",
                        "shop",
                        "up",
                        "-d",
                        "--scale",
                        "app=4");
        daemon.awaitReady("80/tcp", 4);
        assertTrue(daemon.get("/v1/services").contains("shop_app"), up);
        for (int i = 0; i < 20; i++) {
            String answer = LAB.asClient(() -> Load.request(PORT, "/get", 30_000));
            assertTrue(answer.contains("\"origin\""), answer);
        }
        LAB.onHost(
                "env",
                "DOCKER_HOST=" + LAB.dockerHost(),
                "docker-compose",
                "-f",
                "examples/compose/docker-compose.yml",
                "-p",
                "shop",
                "down",
                "-t",
                "1");
    }
}
