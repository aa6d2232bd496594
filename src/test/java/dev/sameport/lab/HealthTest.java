package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What an engine's HEALTHCHECK decides: a GET of `/health`, a file that the tests make and remove.
@LabTest
class HealthTest {
    private static final Lab LAB = Lab.get();
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

    private static void checked(String name, String... options) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "--health-cmd",
                                "wget -q -O /dev/null http://127.0.0.1:8080/health",
                                "--health-interval",
                                "200ms",
                                "--health-retries",
                                "1"));
        words.addAll(Arrays.asList(options));
        LAB.web(name, words.toArray(String[]::new));
    }

    private static void healthy(String name) {
        LAB.docker("exec", name, "sh", "-c", "echo yes > /www/health");
    }

    private static void unhealthy(String name) {
        LAB.docker("exec", name, "busybox", "rm", "/www/health");
    }

    private static void awaitPhase(String name, String phase) {
        Lab.await(
                name + " " + phase,
                () ->
                        daemon.get("/v1/replicas")
                                .lines()
                                .anyMatch(line ->
                                        line.contains(" " + name + " ")
                                                && line.contains(" " + phase + " ")));
    }

    private static Map<String, Integer> sequence(int port, int count) throws Exception {
        return LAB.asClient(() -> Load.sequence(new InetSocketAddress(Lab.HOST, port), "/", count));
    }

    @Test
    void a_container_joins_when_its_check_passes_and_leaves_when_it_fails() throws Exception {
        LAB.web("plain", "--label", "sameport.publish=80:8080");
        checked("checked", "--label", "sameport.publish=80:8080", "--health-start-period", "60s");
        awaitPhase("plain", "ready");
        awaitPhase("checked", "starting");
        assertEquals(Map.of("plain", 40), sequence(80, 40), daemon::log);
        healthy("checked");
        daemon.awaitReady("80/tcp", 2);
        ChiSquare.assertEven(sequence(80, 400), 2);
        unhealthy("checked");
        awaitPhase("checked", "unhealthy");
        assertEquals(Map.of("plain", 40), sequence(80, 40), daemon::log);
        healthy("checked");
        daemon.awaitReady("80/tcp", 2);
        ChiSquare.assertEven(sequence(80, 400), 2);
    }

    @Test
    void while_none_is_healthy_those_that_accept_serve_unless_the_service_is_strict()
            throws Exception {
        checked("lenient", "--label", "sameport.publish=80:8080");
        checked(
                "strict",
                "--label",
                "sameport.publish=81:8080",
                "--label",
                "sameport.health=strict",
                "--label",
                "sameport.hold=1s");
        awaitPhase("lenient", "unhealthy (serves)");
        awaitPhase("strict", "unhealthy");
        String services = daemon.get("/v1/services");
        assertTrue(services.contains("none is ready: those that accept serve"), services);
        assertEquals(Map.of("lenient", 20), sequence(80, 20), daemon::log);
        Lab.await(
                "the refusal",
                () -> daemon.get("/v1/services").contains("connections are refused"));
        assertEquals(Map.of("! refused", 20), sequence(81, 20), daemon::log);
        healthy("strict");
        daemon.awaitReady("81/tcp", 1);
        assertEquals(Map.of("strict", 20), sequence(81, 20), daemon::log);
    }
}
