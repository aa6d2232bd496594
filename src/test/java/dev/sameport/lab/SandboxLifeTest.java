package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.lab.SandboxTest.Engine;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What replicas of a sandbox, the sandbox and the daemon may do under load: come, go, be killed,
/// be restarted.
@LabTest
class SandboxLifeTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);

    private DaemonProcess daemon;

    @BeforeAll
    static void images() {
        Sandboxed.importBusybox();
    }

    @BeforeEach
    void start() {
        daemon = DaemonProcess.start(LAB);
    }

    @AfterEach
    void reset() {
        LAB.reset();
        daemon.close();
    }

    private void sandbox(String publish, String... more) {
        Sandboxed.sandbox(Engine.DOCKER, "web", publish, more);
        daemon.awaitShared("80/tcp");
    }

    private static void hello(String name) {
        Sandboxed.hello(Engine.DOCKER, name, "container:web");
    }

    private static Load load(int perSecond, String path) throws Exception {
        // Slow is not lost: on a busy machine an answer may take its time, but it has to come.
        return LAB.asClient(() -> Load.start(PORT, path, perSecond, 30_000));
    }

    private static Map<String, Integer> answers(int count) throws Exception {
        return LAB.asClient(() -> Load.sequence(PORT, "/", count));
    }

    @Test
    void in_podman_unmodified_replicas_share_and_stopping_one_costs_milliseconds()
            throws Exception {
        Sandboxed.sandbox(Engine.PODMAN, "web", "80:8080");
        daemon.awaitShared("80/tcp");
        for (int i = 1; i <= 4; i++) {
            Sandboxed.unmodified(Engine.PODMAN, "app-" + i, "container:web");
        }
        daemon.awaitReady("80/tcp", 4);
        ChiSquare.assertEven(answers(2_000), 4);
        try (Load load = load(200, "/")) {
            load.awaitMore(300);
            LAB.podman("stop", "-t", "1", "app-2");
            load.awaitMore(400);
            Map<String, Integer> failures = load.end();
            // As PodmanTest: at most 100 ms' worth of one replica's share.
            assertTrue(load.lost() <= 5, () -> failures + "\n" + daemon.log());
            assertTrue(!failures.containsKey("! timed out"), failures.toString());
        }
        assertEquals(Set.of("app-1", "app-3", "app-4"), answers(100).keySet());
    }

    @Test
    void replacing_every_replica_under_load_loses_no_request() throws Exception {
        sandbox("80:8080");
        for (int i = 1; i <= 3; i++) {
            hello("app-" + i);
        }
        daemon.awaitReady("80/tcp", 3);
        try (Load load = load(1_000, "/")) {
            load.awaitMore(500);
            for (int i = 1; i <= 3; i++) {
                hello("new-" + i);
                daemon.awaitReady("80/tcp", 4);
                LAB.docker("stop", "app-" + i);
                LAB.docker("rm", "app-" + i);
                daemon.awaitReady("80/tcp", 3);
            }
            load.awaitMore(500);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
            assertEquals(6, load.answers().size());
        }
    }

    @Test
    void replacing_every_gunicorn_under_load_loses_no_request() throws Exception {
        LAB.importHttpbin();
        sandbox("80:80");
        for (int i = 1; i <= 2; i++) {
            httpbin("app-" + i);
        }
        daemon.awaitReady("80/tcp", 2);
        try (Load load = load(50, "/status/200")) {
            load.awaitMore(100);
            for (int i = 1; i <= 2; i++) {
                httpbin("new-" + i);
                daemon.awaitReady("80/tcp", 3);
                LAB.docker("stop", "-t", "20", "app-" + i);
                LAB.docker("rm", "app-" + i);
                daemon.awaitReady("80/tcp", 2);
            }
            load.awaitMore(100);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
        }
    }

    private static void httpbin(String name) {
        LAB.docker("run", "-d", "--name", name, "--network", "container:web", Lab.HTTPBIN);
    }

    @Test
    void a_replica_that_is_killed_costs_at_most_what_it_was_serving() throws Exception {
        sandbox("80:8080");
        for (int i = 1; i <= 3; i++) {
            hello("app-" + i);
        }
        daemon.awaitReady("80/tcp", 3);
        try (Load load = load(500, "/")) {
            load.awaitMore(500);
            LAB.docker("kill", "app-2");
            load.awaitMore(1_000);
            Map<String, Integer> failures = load.end();
            // What it had accepted; what waited at its socket went to the others.
            assertTrue(load.lost() <= 50, () -> failures + "\n" + daemon.log());
            assertTrue(!failures.containsKey("! timed out"), failures.toString());
        }
    }

    @Test
    void weights_hold_while_the_daemon_is_dead_and_the_next_one_takes_over_without_a_gap()
            throws Exception {
        sandbox("80:8080");
        Sandboxed.unmodified(
                Engine.DOCKER, "heavy", "container:web", "--label", "sameport.weight=80");
        Sandboxed.unmodified(
                Engine.DOCKER, "light", "container:web", "--label", "sameport.weight=20");
        Sandboxed.unmodified(
                Engine.DOCKER, "none", "container:web", "--label", "sameport.weight=0");
        daemon.awaitListening(3);
        try (Load load = load(200, "/")) {
            load.awaitMore(200);
            daemon.kill9();
            assertShares(answers(1_000));
            daemon.start();
            daemon.awaitListening(3);
            assertShares(answers(1_000));
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
            assertEquals(Set.of("heavy", "light"), load.answers().keySet());
        }
    }

    private static void assertShares(Map<String, Integer> answers) {
        assertEquals(Set.of("heavy", "light"), answers.keySet());
        assertEquals(800, answers.get("heavy"), 45);
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void when_the_sandbox_is_restarted_its_replicas_are_restarted_too_and_serve_again(Engine engine)
            throws Exception {
        Sandboxed.sandbox(engine, "web", "80:8080");
        daemon.awaitShared("80/tcp");
        for (int i = 1; i <= 2; i++) {
            Sandboxed.unmodified(engine, "app-" + i, "container:web");
        }
        daemon.awaitReady("80/tcp", 2);
        engine.run("restart", "-t", "0", "web");
        Lab.await(
                "the restart of both",
                () -> daemon.log().split("event=replica-restarted", -1).length == 3);
        daemon.awaitReady("80/tcp", 2);
        ChiSquare.assertEven(answers(600), 2);
    }

    @Test
    void with_restart_false_on_the_sandbox_they_are_not_and_that_is_said() throws Exception {
        sandbox("80:8080", "--label", "sameport.restart=false");
        Sandboxed.unmodified(Engine.DOCKER, "app-1", "container:web");
        daemon.awaitReady("80/tcp", 1);
        String run = LAB.docker("inspect", "-f", "{{.State.StartedAt}}", "app-1");
        LAB.docker("restart", "-t", "0", "web");
        Lab.await(
                "the problem",
                () -> daemon.get("/v1/services.json").contains("this one was left in the old"));
        String told = daemon.cli("explain", "app-1");
        assertTrue(told.contains("restart it, or drop sameport.restart=false"), told);
        assertEquals(run, LAB.docker("inspect", "-f", "{{.State.StartedAt}}", "app-1"));
        LAB.docker("restart", "-t", "0", "app-1");
        daemon.awaitReady("80/tcp", 1);
        assertEquals(Map.of("app-1", 20), answers(20));
    }
}
