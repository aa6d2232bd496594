package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a deploy costs where HTTP is spoken: no GET at all, not even when replicas are killed.
@LabTest
class HttpTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);
    private static final int PER_SECOND = 1_000;
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() {
        LAB.importHttpbin();
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

    private static void replica(String name, String image, String port) {
        LAB.docker(
                "run",
                "-d",
                "--name",
                name,
                "--hostname",
                name,
                "--label",
                "sameport.publish=80:" + port,
                "--label",
                "sameport.protocol=http",
                image);
    }

    private static void hello(String name) {
        replica(name, Lab.HELLO, "8080");
    }

    private static Load load(int perSecond, String path) throws Exception {
        // Slow is not lost: on a busy machine an answer may take its time, but it has to come.
        return LAB.asClient(() -> Load.start(PORT, path, perSecond, 30_000));
    }

    private static void assertNothingLost(Load load) throws Exception {
        assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
    }

    @Test
    void replacing_and_killing_replicas_loses_no_request() throws Exception {
        for (int i = 1; i <= 3; i++) {
            hello("app-" + i);
        }
        daemon.awaitReady("80/tcp", 3);
        try (Load load = load(PER_SECOND, "/")) {
            load.awaitMore(500);
            LAB.docker("stop", "app-1");
            hello("new-1");
            daemon.awaitReady("80/tcp", 3);
            LAB.docker("kill", "app-2");
            load.awaitMore(1_000);
            LAB.docker("kill", "app-3");
            load.awaitMore(1_000);
            assertNothingLost(load);
            assertEquals(
                    Set.of(
                            "Hello from app-1",
                            "Hello from app-2",
                            "Hello from app-3",
                            "Hello from new-1"),
                    load.answers().keySet());
        }
    }

    @Test
    void recreating_all_replicas_at_once_loses_no_request() throws Exception {
        hello("app-1");
        hello("app-2");
        daemon.awaitReady("80/tcp", 2);
        try (Load load = load(200, "/")) {
            load.awaitMore(200);
            LAB.docker("kill", "app-1", "app-2");
            LAB.docker("rm", "-f", "app-1", "app-2");
            hello("new-1");
            hello("new-2");
            daemon.awaitReady("80/tcp", 2);
            load.awaitMore(400);
            assertNothingLost(load);
        }
    }

    @Test
    void stopping_a_server_that_closes_at_once_loses_no_request() throws Exception {
        for (int i = 1; i <= 3; i++) {
            replica("app-" + i, Lab.HTTPBIN, "80");
        }
        daemon.awaitReady("80/tcp", 3);
        try (Load load = load(50, "/status/200")) {
            load.awaitMore(50);
            LAB.docker("stop", "-t", "20", "app-1");
            load.awaitMore(50);
            LAB.docker("kill", "app-2");
            load.awaitMore(50);
            assertNothingLost(load);
        }
    }
}
