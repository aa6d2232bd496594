package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// An address alone says nothing: traffic never reaches a container that did not ask for it.
@LabTest
class StrangerTest {
    private static final Lab LAB = Lab.get();
    private static final String FIRST_ADDRESS = "198.18.0.2";
    private static SecondEngine second;
    private static DaemonProcess daemon;

    @BeforeAll
    static void start() throws Exception {
        LAB.reset();
        second = SecondEngine.start(LAB);
        daemon = DaemonProcess.start(LAB, "--engine", second.host());
    }

    @AfterAll
    static void stop() throws Exception {
        daemon.close();
        second.close();
    }

    @AfterEach
    void reset() {
        LAB.reset();
        second.reset();
    }

    /// Each test has a port of its own, which no earlier one's hold is on.
    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(Lab.HOST, port);
    }

    private static String request(int port) throws Exception {
        return LAB.asClient(() -> Load.request(at(port), "/", 3_000));
    }

    private static String addressOf(String container) {
        return LAB.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", container);
    }

    @Test
    void another_namespaces_container_is_not_mistaken_for_the_one_that_has_its_address_here()
            throws Exception {
        LAB.web("stranger");
        second.web("twin", "--label", "sameport.publish=80:8080");
        assertEquals(FIRST_ADDRESS, addressOf("stranger"));
        assertEquals(
                FIRST_ADDRESS,
                second.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", "twin"));
        Lab.await(
                "the problem",
                () -> daemon.get("/v1/services").contains("on no bridge of this host's network"));
        String services = daemon.get("/v1/services");
        assertTrue(services.contains("container twin"), services);
        assertEquals("! refused", request(80), daemon::log);
    }

    @Test
    void another_namespaces_container_is_reached_by_the_loopback_port_that_its_engine_published()
            throws Exception {
        LAB.web("stranger");
        // A rootless engine's port forwarder listens in the host's network; here this one does.
        try (ServerSocket forwarder = LAB.asHost(StrangerTest::listen)) {
            Thread.ofVirtual().start(() -> answer(forwarder));
            second.web(
                    "twin",
                    "--label",
                    "sameport.publish=81:8080",
                    "-p",
                    "127.0.0.1:" + forwarder.getLocalPort() + ":8080");
            daemon.awaitReady("81/tcp", 1);
            assertEquals(
                    Map.of("forwarded", 20), LAB.asClient(() -> Load.sequence(at(81), "/", 20)));
            String replicas = daemon.get("/v1/replicas");
            assertTrue(
                    replicas.contains("published " + forwarder.getLocalPort()),
                    () -> replicas + daemon.log());
        }
    }

    private static ServerSocket listen() throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 18_080));
        return server;
    }

    private static void answer(ServerSocket server) {
        byte[] answer = "HTTP/1.1 200 OK\r\n\r\nforwarded".getBytes(StandardCharsets.US_ASCII);
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                // The whole head: closing with unread bytes would reset the connection.
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.US_ASCII));
                for (String line = in.readLine();
                        line != null && !line.isEmpty();
                        line = in.readLine()) {}
                socket.getOutputStream().write(answer);
            } catch (IOException _) {
                // A probe that left, or the end of the test.
            }
        }
    }

    @Test
    void an_address_in_publish_that_is_a_containers_is_not_served_and_the_problem_names_it()
            throws Exception {
        LAB.web("stranger");
        daemon.cli("publish", "82", addressOf("stranger") + ":8080", "--name", "plain");
        try {
            Lab.await("the problem", () -> daemon.get("/v1/services").contains("stranger"));
            assertEquals("! refused", request(82), daemon::log);
        } finally {
            daemon.cli("unpublish", "plain");
        }
    }

    @Test
    void an_address_in_publish_is_left_when_a_container_gets_it() throws Exception {
        LAB.onHost("ip", "address", "add", FIRST_ADDRESS + "/32", "dev", "lo");
        try (ServerSocket server =
                LAB.asHost(() -> {
                    ServerSocket socket = new ServerSocket();
                    socket.bind(new InetSocketAddress(FIRST_ADDRESS, 8_080));
                    return socket;
                })) {
            Thread.ofVirtual().start(() -> answer(server));
            daemon.cli("publish", "83", FIRST_ADDRESS + ":8080", "--name", "plain");
            daemon.awaitReady("83/tcp", 1);
            assertEquals("forwarded", request(83));
        }
        LAB.onHost("ip", "address", "del", FIRST_ADDRESS + "/32", "dev", "lo");
        try {
            LAB.web("stranger");
            assertEquals(FIRST_ADDRESS, addressOf("stranger"));
            Lab.await("the problem", () -> daemon.get("/v1/services").contains("stranger"));
            String answer = request(83);
            assertTrue(answer.startsWith("!"), answer + "\n" + daemon.log());
            daemon.kill9();
            daemon.start();
            Lab.await("the problem", () -> daemon.get("/v1/services").contains("stranger"));
            assertTrue(request(83).startsWith("!"), daemon::log);
        } finally {
            daemon.cli("unpublish", "plain");
        }
    }
}
