package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What happens to a container while it serves, other than its end, under load.
@LabTest
class ReplicaChangesTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);
    private static final int PER_SECOND = 200;
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

    @AfterEach
    void reset() {
        LAB.reset();
    }

    private static Load load() throws Exception {
        return LAB.asClient(() -> Load.start(PORT, "/", PER_SECOND, 8_000));
    }

    private static void two() {
        for (int i = 1; i <= 2; i++) {
            LAB.web("app-" + i, "--label", "sameport.publish=80:8080");
        }
        daemon.awaitReady("80/tcp", 2);
    }

    private static void awaitReplica(String name, String word) {
        Lab.await(
                name + " " + word,
                () ->
                        daemon.get("/v1/replicas")
                                .lines()
                                .anyMatch(line ->
                                        line.contains(" " + name + " ") && line.contains(word)));
    }

    @Test
    void a_rename_an_update_and_another_network_lose_no_connection() throws Exception {
        two();
        LAB.docker("network", "create", "other");
        try (Load load = load()) {
            load.awaitMore(100);
            LAB.docker("rename", "app-2", "renamed");
            awaitReplica("renamed", "ready");
            LAB.docker("update", "--restart", "on-failure", "--cpu-shares", "512", "renamed");
            LAB.docker("network", "connect", "other", "renamed");
            load.awaitMore(200);
            LAB.docker("network", "disconnect", "other", "renamed");
            load.awaitMore(200);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
            assertEquals(2, load.answers().size());
        }
    }

    @Test
    void a_replica_that_loses_its_network_is_served_by_its_other_one() throws Exception {
        two();
        LAB.docker("network", "create", "other");
        LAB.docker("network", "connect", "other", "app-2");
        try (Load load = load()) {
            load.awaitMore(200);
            LAB.docker("network", "disconnect", "bridge", "app-2");
            awaitReplica("app-2", "ready");
            daemon.awaitReady("80/tcp", 2);
            load.awaitMore(400);
            Map<String, Integer> failures = load.end();
            // The engine tells of it when the interface is gone already. Whoever had asked and was
            // waiting for the answer hears nothing more: it was lost with the interface.
            assertTrue(load.lost() <= PER_SECOND / 10, () -> failures + "\n" + daemon.log());
        }
        ChiSquare.assertEven(LAB.asClient(() -> Load.sequence(PORT, "/", 400)), 2);
    }

    @Test
    void a_container_that_runs_out_of_memory_leaves_at_once() throws Exception {
        LAB.web("app-1", "--label", "sameport.publish=80:8080", "--label", "sameport.service=app");
        LAB.docker(
                "run",
                "-d",
                "--name",
                "hungry",
                "-h",
                "hungry",
                "--memory",
                "16m",
                "--label",
                "sameport.publish=80:8080",
                "--label",
                "sameport.service=app",
                Lab.BUSYBOX,
                "sh",
                "-c",
                """
                hostname > /www/index.html; httpd -p 8080 -h /www
                while [ ! -e /www/eat ]; do sleep 0.1; done
                all=0123456789abcdef; while true; do all=$all$all; done
                """);
        daemon.awaitReady("80/tcp", 2);
        try (Load load = load()) {
            load.awaitMore(100);
            LAB.docker("exec", "hungry", "sh", "-c", ": > /www/eat");
            daemon.awaitReady("80/tcp", 1);
            load.awaitMore(200);
            Map<String, Integer> failures = load.end();
            assertEquals("true", LAB.docker("inspect", "-f", "{{.State.OOMKilled}}", "hungry"));
            assertTrue(load.lost() <= PER_SECOND / 10, () -> failures + "\n" + daemon.log());
            assertTrue(!failures.containsKey("! timed out"), () -> failures + "\n" + daemon.log());
        }
    }
}
