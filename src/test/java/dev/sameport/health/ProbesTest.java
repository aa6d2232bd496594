package dev.sameport.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.HealthPolicy;
import dev.sameport.model.Reach;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Weight;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.SocketOptions;
import dev.sameport.plane.proxy.Upstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// With real sockets on loopback.
final class ProbesTest {
    private static final HealthPolicy POLICY =
            new HealthPolicy(false, 0, Duration.ofMillis(10), Duration.ofSeconds(2), 1, 2, null);

    private final EventLoops loops = EventLoops.open(1);
    private final Probes probes = new Probes(new Upstream(loops, 0, SocketOptions.DEFAULT));
    private final BlockingQueue<ProbeResult> told = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        probes.close();
        loops.close();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket server = listen(0)) {
            return server.getLocalPort();
        }
    }

    private static EndpointSpec endpoint(int port) {
        return new EndpointSpec(
                id(port),
                "test",
                EndpointAddresses.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                new Reach.Plain(),
                new Weight(1),
                null);
    }

    private static EndpointId id(int port) {
        return new EndpointId(new ReplicaId("test", "one"), port);
    }

    private void watch(int port) {
        probes.watch(endpoint(port), POLICY, told::add);
    }

    private ProbeResult next() throws InterruptedException {
        ProbeResult result = told.poll(20, TimeUnit.SECONDS);
        assertNotNull(result, "no result");
        return result;
    }

    @Test
    void an_endpoint_that_listens_accepts_at_once() throws Exception {
        try (ServerSocket server = listen(0)) {
            watch(server.getLocalPort());

            ProbeResult first = next();

            assertTrue(first.accepted());
            assertEquals(id(server.getLocalPort()), first.endpoint());
        }
    }

    @Test
    void one_that_begins_to_listen_later_is_noticed() throws Exception {
        int port = freePort();
        watch(port);
        assertFalse(next().accepted());
        try (ServerSocket _ = listen(port)) {
            assertTrue(next().accepted());
        }
    }

    @Test
    void one_that_stops_listening_is_told_of_with_each_failure_and_then_of_its_return()
            throws Exception {
        int port;
        try (ServerSocket server = listen(0)) {
            port = server.getLocalPort();
            watch(port);
            assertTrue(next().accepted());
        }
        for (int failures = 1; failures <= 3; failures++) {
            ProbeResult failed = next();
            assertFalse(failed.accepted());
            assertEquals(failures, failed.failuresInRow());
        }
        try (ServerSocket _ = listen(port)) {
            ProbeResult result = next();
            while (!result.accepted()) {
                result = next();
            }
            assertEquals(1, result.successesInRow());
            assertEquals(0, result.failuresInRow());
        }
    }

    @Test
    void a_probe_says_nothing_and_ends_in_order() throws Exception {
        try (ServerSocket server = listen(0)) {
            watch(server.getLocalPort());
            try (Socket probe = server.accept()) {
                probe.setSoTimeout(20_000);
                assertEquals(-1, probe.getInputStream().read());
            }
        }
    }

    @Test
    void what_is_watched_no_more_is_not_probed() throws Exception {
        try (ServerSocket server = listen(0)) {
            int port = server.getLocalPort();
            watch(port);
            assertTrue(next().accepted());

            probes.unwatch(id(port));
            // Watching again starts over: its first result comes after all of the former ones.
            watch(port);
            ProbeResult first = next();
            while (first.successesInRow() != 1) {
                first = next();
            }
            assertTrue(first.accepted());
        }
    }

    @Test
    void watching_the_same_again_changes_nothing() throws Exception {
        try (ServerSocket server = listen(0)) {
            EndpointSpec spec = endpoint(server.getLocalPort());
            ProbeListener listener = told::add;
            probes.watch(spec, POLICY, listener);
            assertTrue(next().accepted());

            probes.watch(spec, POLICY, listener);
        }
        assertEquals(1, next().failuresInRow(), "no first result was told again");
    }

    @Test
    void while_starting_pauses_are_short_at_first_and_long_in_the_end() {
        Duration pause = Duration.ZERO;
        pause = ProbeSchedule.whileStarting(Duration.ZERO, pause, 1, false);
        assertEquals(Duration.ofMillis(5), pause);
        assertEquals(
                Duration.ofMillis(5),
                ProbeSchedule.whileStarting(Duration.ofSeconds(29), pause, 1, false));
        for (int i = 0; i < 20; i++) {
            Duration longer = ProbeSchedule.whileStarting(Duration.ofSeconds(31), pause, 1, false);
            assertTrue(longer.compareTo(pause) >= 0);
            pause = longer;
        }
        assertEquals(Duration.ofSeconds(1), pause);
    }

    @Test
    void a_thousand_that_start_at_once_take_turns() {
        Duration pause = ProbeSchedule.whileStarting(Duration.ZERO, Duration.ZERO, 1_000, false);
        assertEquals(Duration.ofMillis(250), pause);
    }

    @Test
    void one_that_answers_but_is_not_ready_yet_is_asked_ten_times_a_second_at_most() {
        assertEquals(
                ProbeSchedule.POLITE,
                ProbeSchedule.whileStarting(Duration.ZERO, ProbeSchedule.EAGER, 1, true));
    }
}
