package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.CommandException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The main job: containers of a real engine share one port, for every kind of caller.
@LabTest
class SharedPortTest {
    private static final Lab LAB = Lab.get();
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() {
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

    private static void dockerHello(String name, String publish) {
        LAB.docker(
                "run",
                "-d",
                "--name",
                name,
                "--hostname",
                name,
                "--label",
                "sameport.publish=" + publish,
                Lab.HELLO);
    }

    private static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    @Test
    void without_sameport_the_second_container_is_refused_the_port() {
        LAB.docker("run", "-d", "-p", "8099:8080", Lab.HELLO);
        CommandException refused =
                Assertions.assertThrows(
                        CommandException.class,
                        () -> LAB.docker("run", "-d", "-p", "8099:8080", Lab.HELLO));
        assertTrue(refused.errors().contains("port is already allocated"), refused.errors());
    }

    @Test
    void two_containers_share_a_port_for_an_external_client_evenly_and_by_the_kernel()
            throws Exception {
        dockerHello("app-1", "80:8080");
        dockerHello("app-2", "80:8080");
        daemon.awaitReady("80/tcp", 2);
        Map<String, Integer> first = LAB.asClient(() -> Load.sequence(at(Lab.HOST, 80), "/", 300));
        assertEquals(Set.of("Hello from app-1", "Hello from app-2"), first.keySet());
        ChiSquare.assertEven(LAB.asClient(() -> Load.sequence(at(Lab.HOST, 80), "/", 10_000)), 2);
        assertTrue(daemon.get("/v1/services").contains(" nat "), daemon.get("/v1/services"));
    }

    @Test
    void an_external_client_keeps_its_address_over_both_families() throws Exception {
        dockerHello("app-1", "80:8080");
        dockerHello("app-2", "80:8080");
        daemon.awaitReady("80/tcp", 2);
        assertEquals(
                Map.of(Lab.CLIENT, 20),
                LAB.asClient(() -> Load.sequence(at(Lab.HOST, 80), "/client", 20)));
        assertEquals(
                Map.of("fd98:0:0:0:0:0:0:2", 20),
                LAB.asClient(() -> Load.sequence(at(Lab.HOST6, 80), "/client", 20)));
    }

    @Test
    void every_kind_of_caller_reaches_both_containers() throws Exception {
        dockerHello("app-1", "80:8080");
        dockerHello("app-2", "80:8080");
        daemon.awaitReady("80/tcp", 2);
        for (String host : new String[] {Lab.HOST, "127.0.0.1", "::1", Lab.HOST6, "198.18.0.1"}) {
            ChiSquare.assertEven(LAB.asHost(() -> Load.sequence(at(host, 80), "/", 400)), 2);
        }
        LAB.docker("network", "create", "other");
        for (String network : new String[] {"bridge", "other"}) {
            String answers =
                    LAB.docker(
                            "run",
                            "--rm",
                            "--network",
                            network,
                            Lab.BUSYBOX,
                            "sh",
                            "-c",
                            "i=0; while [ $i -lt 40 ]; do wget -q -O - http://"
                                    + Lab.HOST
                                    + "/; i=$((i+1)); done");
            assertEquals(40, answers.lines().count(), network);
            assertEquals(2, answers.lines().distinct().count(), network + ": " + answers);
        }
    }

    @Test
    void containers_of_podman_share_a_port() throws Exception {
        for (String name : new String[] {"pod-1", "pod-2"}) {
            LAB.podman(
                    "run",
                    "-d",
                    "--name",
                    name,
                    "--hostname",
                    name,
                    "--label",
                    "sameport.publish=81:8080",
                    Lab.HELLO);
        }
        daemon.awaitReady("81/tcp", 2);
        ChiSquare.assertEven(LAB.asClient(() -> Load.sequence(at(Lab.HOST, 81), "/", 1_000)), 2);
        assertEquals(
                Map.of(Lab.CLIENT, 10),
                LAB.asClient(() -> Load.sequence(at(Lab.HOST, 81), "/client", 10)));
        ChiSquare.assertEven(LAB.asHost(() -> Load.sequence(at("127.0.0.1", 81), "/", 400)), 2);
    }

    @Test
    void a_loopback_address_is_honoured_exactly() throws Exception {
        dockerHello("app-1", "127.0.0.1:82:8080");
        daemon.awaitReady("127.0.0.1:82/tcp", 1);
        assertEquals(
                "Hello from app-1",
                LAB.asHost(() -> Load.request(at("127.0.0.1", 82), "/", 3_000)));
        assertEquals("! refused", LAB.asHost(() -> Load.request(at("::1", 82), "/", 3_000)));
        assertEquals("! refused", LAB.asClient(() -> Load.request(at(Lab.HOST, 82), "/", 3_000)));
    }

    @Test
    void ipv4_only_is_honoured_exactly() throws Exception {
        dockerHello("app-1", "0.0.0.0:83:8080");
        daemon.awaitReady("0.0.0.0:83/tcp", 1);
        assertEquals(
                "Hello from app-1", LAB.asClient(() -> Load.request(at(Lab.HOST, 83), "/", 3_000)));
        assertEquals("! refused", LAB.asClient(() -> Load.request(at(Lab.HOST6, 83), "/", 3_000)));
    }

    @Test
    void two_services_that_want_one_port_get_one_holder_and_a_problem_that_names_both()
            throws Exception {
        LAB.docker(
                "run",
                "-d",
                "--name",
                "first",
                "--hostname",
                "first",
                "--label",
                "sameport.publish=84:8080",
                "--label",
                "sameport.service=one",
                Lab.HELLO);
        daemon.awaitReady("84/tcp", 1);
        LAB.docker(
                "run",
                "-d",
                "--name",
                "second",
                "--hostname",
                "second",
                "--label",
                "sameport.publish=84:8080",
                "--label",
                "sameport.service=two",
                Lab.HELLO);
        Lab.await("the problem", () -> daemon.get("/v1/services").contains("two"));
        String services = daemon.get("/v1/services");
        assertTrue(services.contains("one") && services.contains("84"), services);
        assertEquals(
                Map.of("Hello from first", 20),
                LAB.asClient(() -> Load.sequence(at(Lab.HOST, 84), "/", 20)));
    }

    @Test
    void a_port_that_a_foreign_process_holds_is_a_conflict_that_names_it_even_with_so_reuseport()
            throws Exception {
        try (java.net.ServerSocket foreign =
                LAB.asHost(() -> {
                    java.net.ServerSocket socket = new java.net.ServerSocket();
                    socket.setOption(java.net.StandardSocketOptions.SO_REUSEPORT, true);
                    socket.bind(at("0.0.0.0", 85));
                    return socket;
                })) {
            dockerHello("app-1", "85:8080");
            Lab.await(
                    "the conflict",
                    () ->
                            daemon.get("/v1/services")
                                    .contains("pid " + ProcessHandle.current().pid()));
            assertTrue(foreign.isBound());
            assertTrue(!LAB.onHost("nft", "list", "table", "inet", "sameport").contains("tcp_85"));
        }
        daemon.awaitReady("85/tcp", 1);
        assertEquals(
                "Hello from app-1", LAB.asClient(() -> Load.request(at(Lab.HOST, 85), "/", 3_000)));
    }

    @Test
    void plain_addresses_and_containers_are_published_by_hand_and_taken_back() throws Exception {
        LAB.docker("run", "-d", "--name", "by-hand", "--hostname", "by-hand", Lab.HELLO);
        daemon.cli("publish", "86:8080", "by-hand");
        daemon.awaitReady("86/tcp", 1);
        assertEquals(
                "Hello from by-hand",
                LAB.asClient(() -> Load.request(at(Lab.HOST, 86), "/", 3_000)));
        // Any server that is no container on a bridge will do; this one is the host's own.
        LAB.docker("run", "-d", "--network", "host", Lab.HELLO, "--name", "plain");
        daemon.cli("publish", "87", Lab.HOST + ":8080", "--name", "plain");
        daemon.awaitReady("87/tcp", 1);
        assertEquals(
                "Hello from plain", LAB.asClient(() -> Load.request(at(Lab.HOST, 87), "/", 3_000)));
        daemon.cli("unpublish", "plain");
        daemon.cli("unpublish", "86");
        Lab.await(
                "the end of both",
                () -> !daemon.get("/v1/services").matches("(?s).* 8[67]/tcp .*"));
        assertEquals("! refused", LAB.asClient(() -> Load.request(at(Lab.HOST, 87), "/", 3_000)));
    }

    @Test
    void a_container_on_the_hosts_network_is_served_at_the_hosts_address_by_the_listener()
            throws Exception {
        LAB.docker(
                "run",
                "-d",
                "--network",
                "host",
                "--label",
                "sameport.publish=88:8081",
                Lab.HELLO,
                "--name",
                "on-host",
                "--port",
                "8081");
        daemon.awaitReady("88/tcp", 1);
        for (String host : List.of(Lab.HOST, Lab.HOST6)) {
            assertEquals(
                    "Hello from on-host",
                    LAB.asClient(() -> Load.request(at(host, 88), "/", 10_000)),
                    daemon::log);
        }
        assertTrue(daemon.get("/v1/services").contains("proxy"), daemon.get("/v1/services"));
    }
}
