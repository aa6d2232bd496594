package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.CommandException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Containers that ask for something odd get a clear problem, and nothing else is disturbed: the
/// service on port 80, which every test leaves as it was.
@LabTest
class OddContainersTest {
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

    @BeforeEach
    void undisturbed() {
        LAB.web("steady", "--label", "sameport.publish=80:8080");
        daemon.awaitReady("80/tcp", 1);
    }

    @AfterEach
    void isUndisturbed() throws Exception {
        try {
            assertEquals(Map.of("steady", 20), sequence(80, 20), daemon::log);
        } finally {
            LAB.reset();
        }
    }

    private static Map<String, Integer> sequence(int port, int count) throws Exception {
        return LAB.asClient(() -> Load.sequence(new InetSocketAddress(Lab.HOST, port), "/", count));
    }

    private static void awaitServices(String text) {
        Lab.await("'" + text + "' in ls", () -> daemon.get("/v1/services").contains(text));
    }

    @Test
    void a_replica_that_publishes_the_port_itself_is_a_problem_that_names_the_holder()
            throws Exception {
        LAB.web("selfish", "-p", "84:8080", "--label", "sameport.publish=84:8080");
        awaitServices("docker-proxy");
        String services = daemon.get("/v1/services");
        assertTrue(
                services.lines()
                        .anyMatch(line -> line.contains(" 84/tcp ") && line.contains(" none ")),
                services);
        assertTrue(!LAB.onHost("nft", "list", "table", "inet", "sameport").contains("tcp_84"));
        // The engine's own publishing goes on.
        assertEquals(Map.of("selfish", 10), sequence(84, 10), daemon::log);
    }

    @Test
    void a_container_that_never_listens_is_not_ready_and_explain_says_why() throws Exception {
        LAB.docker(
                "run",
                "-d",
                "--name",
                "mute",
                "--label",
                "sameport.publish=82:8080",
                "--label",
                "sameport.hold=1s",
                Lab.BUSYBOX,
                "sleep",
                "1000");
        awaitServices("new connections are refused");
        String explained = daemon.cli("explain", "mute");
        assertTrue(
                explained.contains("nothing accepts connections") && explained.contains("0.0.0.0"),
                explained);
        assertEquals(Map.of("! refused", 10), sequence(82, 10), daemon::log);
    }

    @Test
    void replicas_with_different_labels_share_and_a_problem_names_both() throws Exception {
        LAB.web(
                "older",
                "--label",
                "sameport.publish=82:8080",
                "--label",
                "sameport.service=mixed",
                "--label",
                "sameport.hold=3s");
        daemon.awaitReady("82/tcp", 1);
        LAB.web(
                "newer",
                "--label",
                "sameport.publish=82:8080",
                "--label",
                "sameport.service=mixed",
                "--label",
                "sameport.hold=7s");
        daemon.awaitReady("82/tcp", 2);
        String explained = daemon.cli("explain", "mixed");
        assertTrue(explained.contains("7s"), explained);
        assertTrue(
                daemon.get("/v1/services")
                        .lines()
                        .anyMatch(line ->
                                line.startsWith("!")
                                        && line.contains("older")
                                        && line.contains("newer")),
                daemon.get("/v1/services"));
        ChiSquare.assertEven(sequence(82, 400), 2);
    }

    @Test
    void names_and_labels_with_odd_characters_are_served_or_explained_and_never_reach_a_terminal()
            throws Exception {
        String name = "Odd__.-" + "x".repeat(200) + "-";
        LAB.docker(
                "run",
                "-d",
                "--name",
                name,
                "-h",
                "odd",
                "--label",
                "sameport.publish=82:8080",
                Lab.BUSYBOX,
                "sh",
                "-c",
                Lab.WEB);
        LAB.web(
                "escaping",
                "--label",
                "sameport.publish=83:8080",
                "--label",
                "sameport.service=\u001b[31mred\u0007\n! forged: line",
                "--label",
                "sameport.höld=\u009b5s");
        daemon.awaitReady("82/tcp", 1);
        assertEquals(Map.of("odd", 10), sequence(82, 10), daemon::log);
        Lab.await("the problem", () -> daemon.get("/v1/services").contains("escaping"));
        String shown =
                daemon.get("/v1/services")
                        + daemon.get("/v1/replicas")
                        + daemon.get("/v1/events")
                        + daemon.cli("explain", name)
                        + daemon.log();
        assertTrue(
                shown.chars().allMatch(c -> c == '\n' || (c >= ' ' && (c < 0x7f || c > 0x9f))),
                shown);
        assertTrue(!shown.contains("\n! forged"), shown);
    }

    @Test
    void ten_thousand_labels_are_read_and_cost_the_others_nothing() throws Exception {
        run("many", 10_000, "other.%d=x%n");
        daemon.awaitReady("82/tcp", 1);
        assertEquals(Map.of("many", 20), sequence(82, 20), daemon::log);
    }

    @Test
    void ten_thousand_misspelt_labels_are_problems_and_cost_the_others_nothing() throws Exception {
        run("many", 10_000, "sameport.hodl%d=x%n");
        daemon.awaitReady("82/tcp", 1);
        assertEquals(Map.of("many", 20), sequence(82, 20), daemon::log);
        String services = daemon.get("/v1/services");
        assertTrue(services.contains("sameport.hodl"), services);
        assertTrue(services.length() < 10_000, services);
    }

    private static void run(String name, int count, String format)
            throws IOException, CommandException {
        Path file = LAB.directory.resolve("labels");
        Files.writeString(
                file,
                IntStream.range(0, count)
                        .mapToObj(i -> format.formatted(i))
                        .collect(Collectors.joining()));
        LAB.web(name, "--label-file", file.toString(), "--label", "sameport.publish=82:8080");
    }
}
