package dev.sameport.plane.proxy.l4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.Policies;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.Transports;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of relays when their endpoint leaves.
class DrainTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final PublishedPort published = PublishedPort.tcp(Wanted.freePort());

    private Desired desired(Duration drain, Endpoint... endpoints) {
        boolean serves = Arrays.stream(endpoints).anyMatch(Endpoint::serving);
        ServicePort port =
                new ServicePort(published, List.of(endpoints), serves ? Intake.SERVE : Intake.HOLD);
        Policies policies = Wanted.policies(LONG, drain);
        return new Desired(
                1, List.of(new Service(new ServiceName("web"), List.of(port), policies)));
    }

    private static Endpoint in(Phase phase, TestServer server) {
        Endpoint ready = Wanted.endpoint(server.address(), 1);
        boolean serving = phase == Phase.READY;
        return new Endpoint(ready.spec(), phase, serving, serving, false);
    }

    private static void echoes(Socket client) throws IOException {
        client.getOutputStream().write(7);
        assertEquals(7, client.getInputStream().read());
    }

    private static long active(TestListeners listeners, TestServer server) {
        return listeners.listeners.activeByEndpoint().getOrDefault(Wanted.id(server.address()), 0L);
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_relay_to_a_draining_endpoint_goes_on_and_is_reset_at_the_deadline(Transport transport)
            throws Exception {
        try (TestServer leaving = TestServer.echo();
                TestServer staying = TestServer.echo();
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(desired(SHORT, in(Phase.READY, leaving)));
            try (Socket first = TestListeners.connect(published)) {
                echoes(first);
                listeners.apply(
                        desired(SHORT, in(Phase.DRAINING, leaving), in(Phase.READY, staying)));
                echoes(first);
                try (Socket second = TestListeners.connect(published)) {
                    echoes(second);
                    assertEquals(1, active(listeners, leaving));
                    assertThrows(SocketException.class, () -> first.getInputStream().read());
                    Until.holds("it is counted no more", () -> active(listeners, leaving) == 0);
                    echoes(second);
                    assertEquals(1, active(listeners, staying));
                }
            }
            Until.holds("the endpoint's side is reset", () -> !leaving.failures.isEmpty());
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void an_endpoint_that_vanishes_while_it_drains_keeps_the_first_deadline(Transport transport)
            throws Exception {
        try (TestServer leaving = TestServer.echo();
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(desired(SHORT, in(Phase.READY, leaving)));
            try (Socket client = TestListeners.connect(published)) {
                echoes(client);
                listeners.apply(desired(SHORT, in(Phase.DRAINING, leaving)));
                echoes(client);
                listeners.apply(desired(LONG));
                long start = System.nanoTime();
                assertThrows(SocketException.class, () -> client.getInputStream().read());
                assertTrue(System.nanoTime() - start < LONG.toNanos() / 2);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void an_endpoint_that_does_not_leave_after_all_keeps_its_relays(Transport transport)
            throws Exception {
        try (TestServer undecided = TestServer.echo();
                TestServer gone = TestServer.echo();
                TestListeners listeners = new TestListeners(transport)) {
            // One event loop may have served both, which then decides on both at one time.
            listeners.apply(desired(SHORT, in(Phase.READY, undecided), in(Phase.READY, gone)));
            List<Socket> clients = new ArrayList<>();
            try {
                while (active(listeners, undecided) == 0 || active(listeners, gone) == 0) {
                    Socket client = TestListeners.connect(published);
                    clients.add(client);
                    echoes(client);
                }
                listeners.apply(
                        desired(SHORT, in(Phase.DRAINING, undecided), in(Phase.DRAINING, gone)));
                listeners.apply(desired(SHORT, in(Phase.UNHEALTHY, undecided)));
                Until.holds("the other's are reset", () -> active(listeners, gone) == 0);
                long kept = active(listeners, undecided);
                int alive = 0;
                for (Socket client : clients) {
                    try {
                        echoes(client);
                        alive++;
                    } catch (SocketException _) {
                        // It was one to the endpoint that is gone.
                    }
                }
                assertEquals(kept, alive);
            } finally {
                for (Socket client : clients) {
                    client.close();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_port_that_is_given_up_drains_too(Transport transport) throws Exception {
        try (TestServer echo = TestServer.echo();
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(desired(SHORT, in(Phase.READY, echo)));
            try (Socket client = TestListeners.connect(published)) {
                echoes(client);
                listeners.apply(Desired.NOTHING);
                echoes(client);
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
            Until.holds("nothing is open", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void without_a_drain_an_endpoint_that_leaves_takes_its_relays_along(Transport transport)
            throws Exception {
        try (TestServer leaving = TestServer.echo();
                TestListeners listeners = new TestListeners(transport)) {
            Desired served = desired(Duration.ZERO, in(Phase.READY, leaving));
            Desired drained = desired(Duration.ZERO, in(Phase.DRAINING, leaving));
            for (int round = 0; round < 20; round++) {
                listeners.apply(served);
                try (Socket early = TestListeners.connect(published);
                        Socket late = TestListeners.connect(published)) {
                    echoes(early);
                    listeners.apply(drained);
                    assertThrows(SocketException.class, () -> early.getInputStream().read());
                    Until.holds(
                            "the other waits or is reset", () -> active(listeners, leaving) == 0);
                    assertTrue(late.isConnected());
                }
            }
        }
    }
}
