package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.lab.SandboxTest.Engine;
import dev.sameport.linux.ControlGroups;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The host's own network: replicas that share a port there, and servers that have nothing to do
/// with us.
@LabTest
class HostNetworkTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 8082);
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

    /// One that sets SO_REUSEPORT itself.
    private static void sharing(String name, String... more) {
        onHost(name, List.of(Lab.HELLO, "--reuseport", "--port", "8082", "--name", name), more);
    }

    private static void onHost(String name, List<String> command, String... more) {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name));
        words.addAll(List.of("--network", "host", "--label", "sameport.publish=8082:8082"));
        words.addAll(List.of("--label", "sameport.mode=reuseport"));
        words.addAll(List.of(more));
        words.addAll(command);
        LAB.docker(words.toArray(String[]::new));
    }

    private static Map<String, Integer> answers(int count) throws Exception {
        return LAB.asClient(() -> Load.sequence(PORT, "/", count));
    }

    @Test
    void replicas_that_set_the_option_themselves_share_by_weight_without_a_listener_of_ours()
            throws Exception {
        sharing("heavy", "--label", "sameport.weight=80");
        sharing("light", "--label", "sameport.weight=20");
        daemon.awaitReady("8082/tcp", 2);
        assertEquals(800, answers(1_000).get("Hello from heavy"), 45);
        assertTrue(daemon.get("/v1/services").contains(" reuseport "), daemon.log());
        List<String> holders = Lab.lines(LAB.onHost("ss", "-Hltnp", "sport", "=", ":8082"));
        assertEquals(2, holders.size(), holders.toString());
        assertFalse(holders.toString().contains("pid=" + daemon.pid() + ","), holders.toString());
        String rules = LAB.onHost("nft", "list", "table", "inet", "sameport");
        assertFalse(rules.contains("8082"), rules);
    }

    @Test
    void one_that_is_stopped_is_drained_and_loses_nothing() throws Exception {
        for (int i = 1; i <= 3; i++) {
            sharing("app-" + i);
        }
        daemon.awaitReady("8082/tcp", 3);
        try (Load load = LAB.asClient(() -> Load.start(PORT, "/", 500, 30_000))) {
            load.awaitMore(300);
            LAB.docker("stop", "app-2");
            load.awaitMore(500);
            assertEquals(Map.of(), load.end(), () -> load.timeline() + daemon.log());
        }
        assertEquals(2, answers(100).size());
    }

    @Test
    void while_the_only_replica_is_between_two_runs_its_port_is_left_free_for_it() {
        String crash = "echo again >> /www/runs; sleep 1; exit 1";
        onHost("crashes", List.of(Lab.BUSYBOX, "sh", "-c", crash), "--restart", "always");
        daemon.awaitShared("8082/tcp");
        Lab.await(
                "the fifth run",
                () -> {
                    // It never listens; nor may we.
                    assertEquals("", LAB.onHost("ss", "-Hltnp", "sport", "=", ":8082"));
                    return Integer.parseInt(
                                    LAB.docker("inspect", "-f", "{{.RestartCount}}", "crashes"))
                            >= 4;
                });
    }

    /// They listen a while after they are known, as most apps do: before, they could not be told
    /// from other servers.
    @Test
    void unmodified_replicas_share_while_another_server_still_finds_the_port_in_use()
            throws Exception {
        for (int i = 1; i <= 3; i++) {
            String name = "app-" + i;
            onHost(name, List.of(Lab.HELLO, "--port", "8082", "--delay", "1000", "--name", name));
        }
        int pid = Integer.parseInt(LAB.docker("inspect", "-f", "{{.State.Pid}}", "app-1"));
        if (ControlGroups.ownGroupOf(pid).isEmpty()) {
            // Engines do so on machines that have both versions: nobody can be told from others.
            Lab.await(
                    "a problem that says so",
                    () ->
                            daemon.get("/v1/services.json")
                                    .contains("in the root of the cgroup v2 hierarchy"));
            assertBindIsRefused("0.0.0.0", 8082);
            return;
        }
        daemon.awaitReady("8082/tcp", 3);
        ChiSquare.assertEven(answers(600), 3);
        assertBindIsRefused("0.0.0.0", 8082);
        // A container of the host's network that did not ask for the port, either.
        LAB.docker(
                "run",
                "-d",
                "--name",
                "stranger",
                "--network",
                "host",
                Lab.BUSYBOX,
                "httpd",
                "-f",
                "-p",
                "8082");
        Lab.await("the end of the stranger", () -> state("stranger").equals("exited"));
    }

    @Test
    void servers_that_have_nothing_to_do_with_us_find_a_port_in_use_as_before() throws Exception {
        Sandboxed.sandbox(Engine.DOCKER, "web", "80:8080");
        daemon.awaitShared("80/tcp");
        Sandboxed.unmodified(Engine.DOCKER, "app-1", "container:web");
        Sandboxed.unmodified(Engine.DOCKER, "app-2", "container:web");
        daemon.awaitReady("80/tcp", 2);
        // The host's network, on the number that is shared in the sandbox.
        try (ServerSocket _ = LAB.asHost(() -> bound("127.0.0.5", 8080))) {
            assertBindIsRefused("127.0.0.5", 8080);
            assertBindIsRefused("0.0.0.0", 8080);
        }
        // Another container's network.
        LAB.docker("run", "-d", "--name", "other", Lab.BUSYBOX, "sleep", "3600");
        Sandboxed.unmodified(Engine.DOCKER, "first", "container:other");
        Lab.await("the first", () -> listens("other"));
        Sandboxed.unmodified(Engine.DOCKER, "second", "container:other");
        Lab.await("the end of the second", () -> state("second").equals("exited"));
        assertEquals("running", state("first"));
        // And another port of the sandbox itself.
        String twice = "httpd -p 9090 && httpd -p 9090 && echo both";
        LAB.docker(
                "run",
                "--name",
                "twice",
                "--network",
                "container:web",
                Lab.BUSYBOX,
                "sh",
                "-c",
                "(" + twice + ") 2>&1 || true");
        String said = LAB.docker("logs", "twice");
        assertFalse(said.contains("both"), said);
    }

    private static boolean listens(String container) {
        return LAB.docker("exec", container, "cat", "/proc/net/tcp", "/proc/net/tcp6")
                .contains(":1F90 ");
    }

    private static String state(String container) {
        return LAB.docker("inspect", "-f", "{{.State.Status}}", container);
    }

    private static ServerSocket bound(String address, int port) throws Exception {
        return new ServerSocket(port, 8, InetAddress.ofLiteral(address));
    }

    private static void assertBindIsRefused(String address, int port) {
        assertThrows(BindException.class, () -> LAB.asHost(() -> bound(address, port)).close());
    }
}
