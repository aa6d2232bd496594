package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What survives a crash, a foreign hand on the rules, and `clean`.
@LabTest
class CrashTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 80);
    private String before;
    private DaemonProcess daemon;

    @BeforeEach
    void start() {
        LAB.reset();
        before = MachineState.of(LAB);
        daemon = DaemonProcess.start(LAB);
    }

    @AfterEach
    void stop() {
        daemon.close();
        LAB.reset();
    }

    private void hello(int count) {
        for (int i = 1; i <= count; i++) {
            LAB.docker(
                    "run",
                    "-d",
                    "--name",
                    "app-" + i,
                    "--hostname",
                    "app-" + i,
                    "--label",
                    "sameport.publish=80:8080",
                    Lab.HELLO);
        }
        daemon.awaitReady("80/tcp", count);
    }

    @Test
    void traffic_goes_on_while_the_daemon_is_dead_and_the_next_start_takes_over_without_a_gap()
            throws Exception {
        hello(3);
        try (Load outside = LAB.asClient(() -> Load.start(PORT, "/", 500, 5_000));
                Load inside = LAB.asHost(() -> Load.start(PORT, "/", 100, 5_000))) {
            outside.awaitMore(300);
            daemon.kill9();
            outside.awaitMore(500);
            daemon.start();
            daemon.awaitReady("80/tcp", 3);
            outside.awaitMore(500);
            assertEquals(Map.of(), outside.end());
            assertEquals(Map.of(), inside.end());
        }
        assertTrue(daemon.log().contains("event=rules-found"), daemon.log());
    }

    @Test
    void a_table_deleted_by_someone_else_is_repaired_and_loses_nothing() throws Exception {
        hello(3);
        try (Load load = LAB.asClient(() -> Load.start(PORT, "/", 500, 5_000))) {
            load.awaitMore(300);
            LAB.onHost("nft", "delete", "table", "inet", "sameport");
            Lab.await(
                    "the repair",
                    () -> LAB.onHost("nft", "list", "tables").contains("inet sameport"));
            load.awaitMore(500);
            assertEquals(Map.of(), load.end());
        }
    }

    @Test
    void an_accept_rule_deleted_by_someone_else_is_put_back_before_the_closing_return() {
        hello(1);
        String chain = LAB.onHost("iptables", "-S", "DOCKER-USER");
        assertTrue(chain.contains("--comment sameport -j ACCEPT\n-A DOCKER-USER -j RETURN"), chain);
        LAB.onHost("iptables", "-I", "DOCKER-USER", "-s", "203.0.113.7", "-j", "DROP");
        LAB.onHost(
                "iptables",
                "-D",
                "DOCKER-USER",
                "-m",
                "connmark",
                "--mark",
                "0x5a000000/0xff000000",
                "-m",
                "comment",
                "--comment",
                "sameport",
                "-j",
                "ACCEPT");
        Lab.await(
                "the rule", () -> LAB.onHost("iptables", "-S", "DOCKER-USER").contains("sameport"));
        String repaired = LAB.onHost("iptables", "-S", "DOCKER-USER");
        assertTrue(
                repaired.contains("-j DROP\n")
                        && repaired.contains("sameport -j ACCEPT\n-A DOCKER-USER -j RETURN"),
                repaired);
        LAB.onHost("iptables", "-D", "DOCKER-USER", "-s", "203.0.113.7", "-j", "DROP");
    }

    @Test
    void an_unrelated_container_that_gets_a_dead_endpoints_address_gets_no_traffic()
            throws Exception {
        hello(2);
        String address = LAB.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "app-2");
        daemon.kill9();
        LAB.docker("rm", "-f", "app-2");
        LAB.docker("run", "-d", "--name", "stranger", "--hostname", "stranger", Lab.HELLO);
        assertEquals(
                address, LAB.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "stranger"));
        daemon.start();
        daemon.awaitReady("80/tcp", 1);
        assertEquals(
                Map.of("Hello from app-1", 100), LAB.asClient(() -> Load.sequence(PORT, "/", 100)));
    }

    @Test
    void an_internal_network_is_never_published_from() throws Exception {
        LAB.docker("network", "create", "--internal", "inside");
        LAB.docker(
                "run",
                "-d",
                "--name",
                "secret",
                "--network",
                "inside",
                "--label",
                "sameport.publish=80:8080",
                Lab.HELLO);
        Lab.await("the problem", () -> daemon.get("/v1/services").contains("internal"));
        assertEquals("! refused", LAB.asClient(() -> Load.request(PORT, "/", 2_000)));
    }

    @Test
    void labels_of_an_image_publish_nothing() throws Exception {
        LAB.docker("run", "-d", "--name", "plain", Lab.HELLO);
        LAB.docker("commit", "--change", "LABEL sameport.publish=80:8080", "plain", "labelled");
        LAB.docker("run", "-d", "--name", "from-image", "labelled");
        hello(1);
        assertEquals(
                Map.of("Hello from app-1", 30), LAB.asClient(() -> Load.sequence(PORT, "/", 30)));
    }

    @Test
    void clean_leaves_the_machine_as_it_was_after_a_normal_end() {
        hello(2);
        daemon.cli("publish", "90:8080", "app-1");
        daemon.stop();
        daemon.cli("clean", "--yes");
        LAB.reset();
        assertEquals(before, MachineState.of(LAB));
    }

    @Test
    void clean_leaves_the_machine_as_it_was_after_kill_9() {
        hello(2);
        daemon.kill9();
        daemon.cli("clean", "--yes");
        LAB.reset();
        assertEquals(before, MachineState.of(LAB));
    }

    @Test
    void replicas_of_run_share_a_port_and_leave_nothing_behind() throws Exception {
        daemon.cli(
                "run",
                "-d",
                "--name",
                "plain",
                "--scale",
                "3",
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
        daemon.awaitReady("88/tcp", 3);
        ChiSquare.assertEven(
                LAB.asClient(() -> Load.sequence(new InetSocketAddress(Lab.HOST, 88), "/", 600)),
                3);
        daemon.cli("run", "--name", "plain", "--scale", "1");
        daemon.awaitReady("88/tcp", 1);
        daemon.stop();
        daemon.cli("clean", "--yes");
        assertEquals(before, MachineState.of(LAB));
    }
}
