package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
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
    private static final InetSocketAddress HTTPBIN = new InetSocketAddress(Lab.HOST, 81);
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

    private static String[] words(String verb, String name, String port, String image) {
        List<String> words = new ArrayList<>(List.of(verb));
        if (verb.equals("run")) {
            words.add("-d");
        }
        words.addAll(List.of("--name", name, "--hostname", name));
        words.addAll(
                List.of(
                        "--label",
                        "sameport.publish=" + (image.equals(Lab.HTTPBIN) ? 81 : 80) + ":" + port));
        words.addAll(List.of("--label", "sameport.http.held=5000", image));
        return words.toArray(String[]::new);
    }

    private static void replica(String name, String image, String port) {
        LAB.docker(words("run", name, port, image));
    }

    private static void create(String name) {
        LAB.docker(words("create", name, "8080", Lab.HELLO));
    }

    private static void hello(String name) {
        replica(name, Lab.HELLO, "8080");
    }

    /// Half of the requests come on new connections, half on kept ones.
    private static HttpLoad gets() throws Exception {
        return LAB.asClient(() -> HttpLoad.gets(PORT, PER_SECOND));
    }

    private static void assertNothingLost(HttpLoad load) throws Exception {
        assertEquals(Map.of(), load.end(), daemon::log);
        System.out.printf(
                "load: %d answers, longest %d ms%n", load.answered(), load.longestMillis());
    }

    private static void hellos(String name, int count) {
        for (int i = 1; i <= count; i++) {
            hello(name + i);
        }
        daemon.awaitReady("80/tcp", count);
    }

    @Test
    void scaling_up_and_down_loses_no_request() throws Exception {
        hellos("app-", 2);
        try (HttpLoad load = gets()) {
            load.awaitMore(500);
            hello("app-3");
            hello("app-4");
            hello("app-5");
            daemon.awaitReady("80/tcp", 5);
            load.awaitMore(500);
            LAB.docker("stop", "app-1", "app-2", "app-3");
            load.awaitMore(1_000);
            assertNothingLost(load);
            assertEquals(5, load.answers().size(), load.answers()::toString);
        }
    }

    @Test
    void replacing_all_replicas_one_by_one_and_killing_some_loses_no_request() throws Exception {
        hellos("app-", 3);
        try (HttpLoad load = gets()) {
            load.awaitMore(500);
            for (int i = 1; i <= 3; i++) {
                LAB.docker("stop", "app-" + i);
                hello("new-" + i);
                daemon.awaitReady("80/tcp", 3);
            }
            LAB.docker("kill", "new-1");
            load.awaitMore(1_000);
            LAB.docker("kill", "new-2");
            load.awaitMore(1_000);
            assertNothingLost(load);
            assertEquals(6, load.answers().size(), load.answers()::toString);
        }
    }

    /// It takes an engine a second or more to kill two and start two: 1,000 requests that wait
    /// would be too few.
    @Test
    void recreating_all_replicas_at_once_loses_no_request() throws Exception {
        hellos("app-", 2);
        for (int i = 1; i <= 2; i++) {
            create("new-" + i);
        }
        try (HttpLoad load = gets()) {
            load.awaitMore(500);
            LAB.docker("kill", "app-1", "app-2");
            LAB.docker("start", "new-1", "new-2");
            load.awaitMore(2_000);
            assertNothingLost(load);
            assertEquals(4, load.answers().size(), load.answers()::toString);
        }
    }

    @Test
    void replicas_of_podman_that_are_stopped_and_killed_lose_no_request() throws Exception {
        for (int i = 1; i <= 3; i++) {
            LAB.podman(words("run", "pod-" + i, "8080", Lab.HELLO));
        }
        daemon.awaitReady("80/tcp", 3);
        try (HttpLoad load = gets()) {
            load.awaitMore(500);
            LAB.podman("stop", "pod-1");
            load.awaitMore(500);
            LAB.podman("kill", "pod-2");
            load.awaitMore(500);
            assertNothingLost(load);
            assertEquals(3, load.answers().size(), load.answers()::toString);
        }
    }

    @Test
    void a_killed_replica_takes_with_it_no_more_posts_than_it_was_answering() throws Exception {
        hellos("app-", 3);
        try (HttpLoad load =
                LAB.asClient(() -> HttpLoad.posts(PORT, "/slow?ms=50", PER_SECOND / 2))) {
            load.awaitMore(500);
            int underWay = load.underWay();
            LAB.docker("kill", "app-2");
            load.awaitMore(1_000);
            Map<String, Integer> failures = load.end();
            System.out.printf("killed with about %d under way: lost %s%n", underWay, failures);
            assertTrue(
                    Set.of("! HTTP/1.1 502 Bad Gateway").containsAll(failures.keySet()),
                    () -> failures + daemon.log());
            // 500 a second that take 50 ms each: 25 under way, 8 on each of three replicas.
            int lost = failures.values().stream().mapToInt(Integer::intValue).sum();
            assertTrue(lost < 60, failures::toString);
        }
    }

    @Test
    void stopping_a_server_that_closes_at_once_loses_no_request() throws Exception {
        for (int i = 1; i <= 3; i++) {
            replica("app-" + i, Lab.HTTPBIN, "80");
        }
        daemon.awaitReady("81/tcp", 3);
        // Slow is not lost: on a busy machine an answer may take its time, but it has to come.
        try (Load load = LAB.asClient(() -> Load.start(HTTPBIN, "/status/200", 50, 30_000))) {
            load.awaitMore(50);
            LAB.docker("stop", "-t", "20", "app-1");
            load.awaitMore(50);
            LAB.docker("kill", "app-2");
            load.awaitMore(50);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
        }
    }
}
