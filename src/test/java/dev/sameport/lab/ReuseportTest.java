package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Replicas that joined one sandbox share its port, whatever they are written in.
@LabTest
class ReuseportTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);
    private static final int PER_SECOND = 1_000;

    private DaemonProcess daemon;

    @BeforeEach
    void start() {
        daemon = DaemonProcess.start(LAB);
    }

    @AfterEach
    void reset() {
        LAB.reset();
        daemon.close();
    }

    /// A container that does nothing but own a network, and asks for port 80.
    private static void sandbox(String name, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "run",
                                "-d",
                                "--name",
                                name,
                                "--label",
                                "sameport.publish=80:8080",
                                "--label",
                                "sameport.mode=reuseport",
                                "--label",
                                "sameport.sandbox=" + name));
        words.addAll(Arrays.asList(more));
        words.addAll(List.of(Lab.BUSYBOX, "/bin/busybox", "sleep", "3600"));
        LAB.docker(words.toArray(String[]::new));
    }

    /// An unmodified server: busybox knows nothing of SO_REUSEPORT.
    private static void unmodified(String name, String sandbox, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of("run", "-d", "--name", name, "--network", "container:" + sandbox));
        words.addAll(Arrays.asList(more));
        words.addAll(
                List.of(
                        Lab.BUSYBOX,
                        "sh",
                        "-c",
                        "echo " + name + " > /www/index.html; exec httpd -f -p 8080 -h /www"));
        LAB.docker(words.toArray(String[]::new));
    }

    private static void hello(String name, String sandbox) {
        LAB.docker(
                "run",
                "-d",
                "--name",
                name,
                "--network",
                "container:" + sandbox,
                Lab.HELLO,
                "--name",
                name);
    }

    private static Map<String, Integer> answers(int count) throws Exception {
        return LAB.asClient(() -> Load.sequence(PORT, "/", count));
    }

    /// Connections of all replicas, as the daemon counted them.
    private double counted() {
        return Pattern.compile("\"connections\":(\\d+)")
                .matcher(daemon.get("/v1/services.json"))
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }

    @Test
    void without_sameport_a_second_server_in_one_network_finds_the_port_in_use() {
        sandbox("alone", "--label", "sameport.publish=");
        unmodified("first", "alone");
        unmodified("second", "alone");
        Lab.await(
                "the end of the second",
                () -> LAB.docker("inspect", "-f", "{{.State.Running}}", "second").equals("false"));
        assertTrue(LAB.docker("logs", "second").isEmpty());
        assertTrue(!LAB.docker("inspect", "-f", "{{.State.ExitCode}}", "second").equals("0"));
    }

    @Test
    void unmodified_servers_share_one_port_evenly_and_are_counted() throws Exception {
        sandbox("web");
        daemon.awaitShared("80/tcp");
        for (int i = 1; i <= 4; i++) {
            unmodified("app-" + i, "web");
        }
        daemon.awaitReady("80/tcp", 4);
        Map<String, Integer> answers = answers(10_000);
        ChiSquare.assertEven(answers, 4);
        // The daemon's own trials are among them.
        assertEquals(10_000.0, counted(), 60.0);
        assertTrue(daemon.get("/v1/services").contains(" reuseport "), daemon.log());
    }

    @Test
    void weights_are_met_and_0_takes_nothing() throws Exception {
        sandbox("web");
        daemon.awaitShared("80/tcp");
        unmodified("heavy", "web", "--label", "sameport.weight=80");
        unmodified("light", "web", "--label", "sameport.weight=20");
        unmodified("none", "web", "--label", "sameport.weight=0");
        daemon.awaitReady("80/tcp", 3);
        Map<String, Integer> answers = answers(2_000);
        assertEquals(1_600, answers.get("heavy"), 60);
        assertEquals(400, answers.get("light"), 60);
    }

    @Test
    void scaling_from_one_to_eight_and_back_loses_no_connection() throws Exception {
        sandbox("web");
        daemon.awaitShared("80/tcp");
        hello("app-1", "web");
        daemon.awaitReady("80/tcp", 1);
        try (Load load = LAB.asClient(() -> Load.start(PORT, "/", PER_SECOND, 30_000))) {
            load.awaitMore(500);
            for (int i = 2; i <= 8; i++) {
                hello("app-" + i, "web");
            }
            daemon.awaitReady("80/tcp", 8);
            load.awaitMore(500);
            for (int i = 2; i <= 8; i++) {
                LAB.docker("stop", "app-" + i);
                LAB.docker("rm", "app-" + i);
            }
            daemon.awaitReady("80/tcp", 1);
            load.awaitMore(500);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
            assertEquals(8, load.answers().size());
        }
    }

    @Test
    void unmodified_processes_of_run_share_a_namespace_and_leave_nothing_behind() throws Exception {
        daemon.stop();
        daemon.cli("clean", "--yes");
        String before = MachineState.of(LAB);
        daemon.start();
        daemon.cli(
                "run",
                "-d",
                "--name",
                "plain",
                "--mode",
                "reuseport",
                "--scale",
                "4",
                "-p",
                "88:8080",
                "--",
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-cp",
                java.nio.file.Path.of("target/classes").toAbsolutePath().toString(),
                "dev.sameport.demo.HelloServer",
                "--port",
                "8080");
        daemon.awaitReady("88/tcp", 4);
        InetSocketAddress port = new InetSocketAddress(Lab.HOST, 88);
        ChiSquare.assertEven(LAB.asClient(() -> Load.sequence(port, "/", 1_000)), 4);
        daemon.cli("run", "--name", "plain", "--scale", "1");
        daemon.awaitReady("88/tcp", 1);
        assertEquals(1, LAB.asClient(() -> Load.sequence(port, "/", 50)).size());
        daemon.stop();
        daemon.cli("clean", "--yes");
        assertEquals(before, MachineState.of(LAB));
    }
}
