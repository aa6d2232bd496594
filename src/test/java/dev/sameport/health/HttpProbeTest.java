package dev.sameport.health;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.HealthPolicy;
import dev.sameport.model.HttpProbe;
import dev.sameport.model.HttpProbe.StatusRange;
import dev.sameport.model.Reach;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Weight;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.SocketOptions;
import dev.sameport.plane.proxy.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Probes that ask over HTTP, against endpoints that answer by hand.
class HttpProbeTest {
    private static final HealthPolicy POLICY =
            policy(new HttpProbe("/healthz?deep=1", HttpProbe.HEALTHY), 1, 2);

    private final BlockingQueue<ProbeResult> told = new LinkedBlockingQueue<>();
    private final EventLoops loops = EventLoops.open(1);
    private final Probes probes = new Probes(new Upstream(loops, 0, SocketOptions.DEFAULT));
    private final ServerSocket server = listening();

    private static ServerSocket listening() {
        try {
            ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
            server.setSoTimeout(20_000);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HealthPolicy policy(HttpProbe http, int rise, int fall) {
        return new HealthPolicy(
                false, 0, Duration.ofMillis(10), Duration.ofMillis(500), rise, fall, http);
    }

    @AfterEach
    void stop() throws Exception {
        probes.close();
        server.close();
        loops.close();
    }

    private void watch(HealthPolicy policy) {
        int port = server.getLocalPort();
        EndpointSpec spec =
                new EndpointSpec(
                        new EndpointId(new ReplicaId("test", "one"), port),
                        "test",
                        EndpointAddresses.of(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                        new Reach.Plain(),
                        new Weight(1),
                        null);
        probes.watch(spec, policy, told::add);
    }

    private ProbeResult next() throws InterruptedException {
        ProbeResult result = told.poll(20, TimeUnit.SECONDS);
        assertNotNull(result, "no result");
        return result;
    }

    /// Takes the next probe's request, answers, and waits for the probe's end of the connection.
    private String serve(String answer) throws IOException {
        try (Socket probe = server.accept()) {
            probe.setSoTimeout(20_000);
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                int next = probe.getInputStream().read();
                assertTrue(next >= 0, "ended before the request's end: " + request);
                request.append((char) next);
            }
            probe.getOutputStream().write(answer.getBytes(ISO_8859_1));
            probe.shutdownOutput();
            return request.toString();
        }
    }

    private static String answer(int status) {
        return "HTTP/1.1 " + status + " x\r\nContent-Length: 2\r\n\r\nok";
    }

    @Test
    void it_asks_for_the_path_by_the_endpoints_address_on_a_connection_of_its_own()
            throws Exception {
        watch(POLICY);

        assertEquals(
                "GET /healthz?deep=1 HTTP/1.1\r\nHost: 127.0.0.1:"
                        + server.getLocalPort()
                        + "\r\nUser-Agent: sameport-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n",
                serve(answer(200)));
        ProbeResult result = next();
        assertTrue(result.accepted());
        assertTrue(result.healthy());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 204 No Content\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n",
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\nto the end",
            })
    void these_answers_are_healthy(String answer) throws Exception {
        watch(POLICY);
        serve(answer);
        assertTrue(next().healthy());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 404 Not Found\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "",
            })
    void these_answers_are_not_though_it_accepts(String answer) throws Exception {
        watch(POLICY);
        serve(answer);
        ProbeResult result = next();
        assertTrue(result.accepted());
        assertFalse(result.healthy());
    }

    @Test
    void one_that_says_nothing_is_unhealthy_when_the_time_is_up() throws Exception {
        watch(POLICY);
        try (Socket probe = server.accept()) {
            ProbeResult result = next();
            assertTrue(result.accepted());
            assertFalse(result.healthy());
            probe.setSoTimeout(20_000);
            while (probe.getInputStream().read() >= 0) {
                // the request, then the end
            }
        }
    }

    @Test
    void one_that_sends_without_end_is_cut_off() throws Exception {
        watch(POLICY);
        byte[] much = new byte[1 << 16];
        try (Socket probe = server.accept()) {
            probe.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(ISO_8859_1));
            assertTrue(next().healthy());
            boolean open = true;
            for (int i = 0; i < 1_000 && open; i++) {
                try {
                    probe.getOutputStream().write(much);
                } catch (IOException e) {
                    open = false;
                }
            }
            assertFalse(open, "64 MB were taken");
        }
    }

    @Test
    void the_statuses_that_are_healthy_can_be_chosen() throws Exception {
        watch(policy(new HttpProbe("/", List.of(new StatusRange(401, 401))), 1, 2));
        serve(answer(401));
        assertTrue(next().healthy());
        serve(answer(200));
        assertFalse(next().healthy());
    }

    @Test
    void as_many_failures_and_successes_in_a_row_count_as_the_policy_says() throws Exception {
        HealthPolicy policy = policy(new HttpProbe("/", HttpProbe.HEALTHY), 3, 2);
        watch(policy);

        serve(answer(200));
        assertEquals(true, next().verdict(policy), "the first success of all counts at once");
        serve(answer(500));
        assertNull(next().verdict(policy));
        serve(answer(500));
        assertEquals(false, next().verdict(policy));
        serve(answer(200));
        assertNull(next().verdict(policy));
        serve(answer(200));
        assertNull(next().verdict(policy));
        serve(answer(200));
        assertEquals(true, next().verdict(policy));
    }
}
