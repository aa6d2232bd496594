package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A Podman pod: its infra container is the sandbox, and Podman publishes the port itself.
@LabTest
class PodTest {
    private static final Lab LAB = Lab.get();
    private static final InetSocketAddress PORT = new InetSocketAddress(Lab.HOST, 8081);
    private DaemonProcess daemon;

    @BeforeAll
    static void images() {
        Sandboxed.importBusybox();
        // Docker drops what others forward, and with it what reaches Podman's own published ports
        // from outside.
        LAB.onHost("iptables", "-P", "FORWARD", "ACCEPT");
    }

    @AfterAll
    static void dropAgain() {
        LAB.onHost("iptables", "-P", "FORWARD", "DROP");
    }

    @BeforeEach
    void start() {
        daemon = DaemonProcess.start(LAB);
        // Podman's own infra image would need a program that the lab may not have.
        LAB.podman(
                "pod",
                "create",
                "--name",
                "shop",
                "-p",
                "8081:8080",
                "--infra-image",
                Lab.BUSYBOX,
                "--infra-command",
                "/bin/busybox sleep 3600");
    }

    @AfterEach
    void reset() {
        LAB.reset();
        daemon.close();
    }

    /// An unmodified server in the pod.
    private static void unmodified(String name, String... more) {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--pod", "shop"));
        words.addAll(List.of("--name", name, "--label", "sameport.publish=8081:8080"));
        words.addAll(List.of("--label", "sameport.mode=reuseport"));
        words.addAll(List.of(more));
        words.addAll(Sandboxed.server(name));
        LAB.podman(words.toArray(String[]::new));
    }

    /// The first may listen before its container is known; the second may not.
    private void two() {
        unmodified("app-1");
        daemon.awaitReady("8081/tcp", 1);
        unmodified("app-2");
        daemon.awaitReady("8081/tcp", 2);
    }

    private static Map<String, Integer> answers(int count) throws Exception {
        return LAB.asClient(() -> Load.sequence(PORT, "/", count));
    }

    @Test
    void replicas_share_the_port_that_podman_publishes_and_we_neither_hold_nor_rewrite_it()
            throws Exception {
        two();
        ChiSquare.assertEven(answers(1_000), 2);
        assertTrue(daemon.get("/v1/services").contains(" reuseport "), daemon.log());
        String holders = LAB.onHost("ss", "-Hltnp", "sport", "=", ":8081");
        assertTrue(holders.contains("conmon"), holders);
        assertFalse(holders.contains("java"), holders);
        String rules = LAB.onHost("nft", "list", "table", "inet", "sameport");
        assertFalse(rules.contains("8081"), rules);
        assertEquals(List.of(), Lab.lines(problems()), daemon.log());
    }

    private String problems() {
        String json = daemon.get("/v1/services.json");
        String problems = json.substring(json.indexOf("\"problems\":[") + 12);
        return problems.substring(0, problems.indexOf(']'));
    }

    @Test
    void one_that_is_stopped_leaves_the_port_to_the_other() throws Exception {
        two();
        LAB.podman("stop", "-t", "1", "app-2");
        daemon.awaitReady("8081/tcp", 1);
        assertEquals(Map.of("app-1", 100), answers(100));
        LAB.podman("start", "app-2");
        daemon.awaitReady("8081/tcp", 2);
        assertEquals(Set.of("app-1", "app-2"), answers(100).keySet());
    }

    @Test
    void a_pod_that_is_stopped_and_started_finds_its_port_free() throws Exception {
        // All of a pod start at once: who binds before its new network is known may come too soon.
        unmodified("app-1", "--restart", "always");
        daemon.awaitReady("8081/tcp", 1);
        unmodified("app-2", "--restart", "always");
        daemon.awaitReady("8081/tcp", 2);
        LAB.podman("pod", "stop", "-t", "1", "shop");
        Lab.await("the end", () -> !daemon.get("/v1/services").contains("2/2"));
        assertEquals("", LAB.onHost("ss", "-Hltnp", "sport", "=", ":8081"));
        LAB.podman("pod", "start", "shop");
        daemon.awaitReady("8081/tcp", 2);
        assertEquals(Set.of("app-1", "app-2"), answers(100).keySet());
    }

    @Test
    void weights_are_met() throws Exception {
        unmodified("heavy", "--label", "sameport.weight=80");
        daemon.awaitReady("8081/tcp", 1);
        unmodified("light", "--label", "sameport.weight=20");
        daemon.awaitReady("8081/tcp", 2);
        assertEquals(800, answers(1_000).get("heavy"), 45);
    }
}
