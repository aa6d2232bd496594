package dev.sameport.plane.proxy.l4;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.Transports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of new connections: chosen, held, refused; and who gets the port.
class ListenersTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final PublishedPort published = PublishedPort.tcp(Wanted.freePort());

    private static String read(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), US_ASCII);
    }

    /// A reset may be there before connect(2) has returned.
    private void connectAndRead() throws IOException {
        try (Socket client = TestListeners.connect(published)) {
            var _ = client.getInputStream().read();
        }
    }

    private CompletableFuture<String> answer() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket client = TestListeners.connect(published)) {
                        answer.complete(read(client));
                    } catch (IOException e) {
                        answer.completeExceptionally(e);
                    }
                });
        return answer;
    }

    private static InetSocketAddress nobody() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Wanted.freePort());
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void connections_are_spread_by_weight_and_counted(Transport transport) throws Exception {
        try (TestServer one = TestServer.named("one");
                TestServer two = TestServer.named("two");
                TestServer none = TestServer.named("none");
                TestListeners listeners = new TestListeners(transport)) {
            List<Endpoint> endpoints =
                    List.of(
                            Wanted.endpoint(one.address(), 3),
                            Wanted.endpoint(two.address(), 1),
                            Wanted.endpoint(none.address(), 0));
            listeners.apply(Wanted.port(published, Intake.SERVE, LONG, endpoints));
            Map<String, Integer> answers = new TreeMap<>();
            for (int i = 0; i < 400; i++) {
                try (Socket client = TestListeners.connect(published)) {
                    answers.merge(read(client), 1, Integer::sum);
                }
            }
            assertEquals(List.of("one", "two"), List.copyOf(answers.keySet()));
            assertEquals(300, answers.get("one"), 50);
            assertEquals(
                    (long) answers.get("one"),
                    listeners.listeners.connections().get(Wanted.id(one.address())));
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void an_endpoint_that_refuses_is_passed_over_unseen(Transport transport) throws Exception {
        try (TestServer alive = TestServer.named("alive");
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.serving(published, nobody(), nobody(), alive.address()));
            for (int i = 0; i < 30; i++) {
                try (Socket client = TestListeners.connect(published)) {
                    assertEquals("alive", read(client));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_held_connection_is_served_when_an_endpoint_comes(Transport transport) throws Exception {
        try (TestServer late = TestServer.named("late");
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.holding(published, LONG));
            CompletableFuture<String> answer = answer();
            Until.holds("it is held", () -> listeners.listeners.held() == 1);

            listeners.apply(Wanted.serving(published, late.address()));

            assertEquals("late", answer.get(20, TimeUnit.SECONDS));
            Until.holds("nothing is held", () -> listeners.listeners.held() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_held_connection_waits_until_a_failed_endpoint_accepts_again(Transport transport)
            throws Exception {
        InetSocketAddress address = nobody();
        try (TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.port(published, Intake.SERVE, LONG, only(address)));
            CompletableFuture<String> answer = answer();
            Until.holds("it is held", () -> listeners.listeners.held() == 1);
            try (TestServer _ =
                    TestServer.start(
                            address,
                            socket -> socket.getOutputStream().write(TestServer.bytes("back")))) {
                assertEquals("back", answer.get(20, TimeUnit.SECONDS));
            }
        }
    }

    private static List<Endpoint> only(InetSocketAddress address) {
        return List.of(Wanted.endpoint(address, 1));
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void what_a_held_client_sent_reaches_its_endpoint(Transport transport) throws Exception {
        try (TestServer echo = TestServer.echo();
                TestListeners listeners = new TestListeners(transport);
                Socket client = connectHeld(listeners)) {
            client.getOutputStream().write(TestServer.bytes("early bytes"));
            client.shutdownOutput();

            listeners.apply(Wanted.serving(published, echo.address()));

            assertEquals("early bytes", read(client));
        }
    }

    private Socket connectHeld(TestListeners listeners) throws IOException {
        listeners.apply(Wanted.holding(published, LONG));
        Socket client = TestListeners.connect(published);
        Until.holds("it is held", () -> listeners.listeners.held() == 1);
        return client;
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_held_connection_is_reset_when_the_hold_is_over(Transport transport) throws Exception {
        try (TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.holding(published, Duration.ofMillis(50)));
            assertThrows(SocketException.class, this::connectAndRead);
            Until.holds("nothing is open", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void held_connections_are_reset_when_their_port_begins_to_refuse(Transport transport)
            throws Exception {
        try (TestListeners listeners = new TestListeners(transport);
                Socket client = connectHeld(listeners)) {
            listeners.apply(Wanted.refusing(published));

            assertThrows(SocketException.class, () -> client.getInputStream().read());
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_held_client_that_leaves_is_forgotten(Transport transport) throws Exception {
        try (TestListeners listeners = new TestListeners(transport)) {
            Socket client = connectHeld(listeners);
            client.close();
            Until.holds("nothing is held", () -> listeners.listeners.held() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void no_more_are_held_than_the_limit_says(Transport transport) throws Exception {
        ListenerOptions narrow =
                new ListenerOptions(
                        0,
                        128,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(100),
                        3,
                        1 << 20,
                        Duration.ofSeconds(5),
                        ListenerOptions.DEFAULT.sockets());
        List<Socket> clients = new ArrayList<>();
        try (TestListeners listeners = new TestListeners(transport, PortHolders.none(), narrow)) {
            listeners.apply(Wanted.holding(published, LONG));
            for (int i = 0; i < 3; i++) {
                clients.add(TestListeners.connect(published));
            }
            Until.holds("three are held", () -> listeners.listeners.held() == 3);

            assertThrows(SocketException.class, this::connectAndRead);
            assertEquals(3, listeners.listeners.held());
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_port_that_refuses_resets_what_it_accepts(Transport transport) throws Exception {
        try (TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.refusing(published));
            assertThrows(SocketException.class, this::connectAndRead);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_port_that_is_given_up_is_free_and_what_it_relays_goes_on(Transport transport)
            throws Exception {
        try (TestServer echo = TestServer.echo();
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.serving(published, echo.address()));
            try (Socket client = TestListeners.connect(published)) {
                client.getOutputStream().write(1);
                assertEquals(1, client.getInputStream().read());

                listeners.apply(Desired.NOTHING);

                Until.holds("the port is free", this::canBind);
                client.getOutputStream().write(2);
                assertEquals(2, client.getInputStream().read());
            }
        }
    }

    private boolean canBind() {
        try (ServerSocketChannel successor = ServerSocketChannel.open()) {
            successor.bind(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), published.port()));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void an_address_is_honoured_exactly(Transport transport) throws Exception {
        PublishedPort loopback =
                new PublishedPort(
                        new HostAddress.One(InetAddress.ofLiteral("127.0.0.1")),
                        published.port(),
                        Protocol.TCP);
        try (TestServer server = TestServer.named("here");
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.serving(loopback, server.address()));
            try (Socket client = TestListeners.connect(at("127.0.0.1"))) {
                assertEquals("here", read(client));
            }
            assertThrows(IOException.class, () -> TestListeners.connect(at("127.0.0.2")).close());
            assertThrows(IOException.class, () -> TestListeners.connect(at("::1")).close());
        }
    }

    private InetSocketAddress at(String address) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), published.port());
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_wildcard_serves_both_families(Transport transport) throws Exception {
        try (TestServer server = TestServer.named("here");
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.serving(published, server.address()));
            for (String address : List.of("127.0.0.1", "::1")) {
                try (Socket client = TestListeners.connect(at(address))) {
                    assertEquals("here", read(client), address);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_port_that_someone_else_has_is_a_conflict_until_it_is_free(Transport transport)
            throws Exception {
        try (TestServer server = TestServer.named("here");
                TestListeners listeners = new TestListeners(transport)) {
            Desired desired = Wanted.serving(published, server.address());
            try (ServerSocketChannel foreign = ServerSocketChannel.open()) {
                foreign.bind(new InetSocketAddress(published.port()));
                assertInstanceOf(
                        PortOutcome.Conflict.class,
                        listeners.listeners.reserve(desired).get(published));
            }
            listeners.apply(desired);
            try (Socket client = TestListeners.connect(published)) {
                assertEquals("here", read(client));
            }
        }
    }

    @Test
    void a_foreign_socket_that_would_share_is_a_conflict_that_names_its_owner() throws Exception {
        PortHolders holders =
                port ->
                        port == published.port()
                                ? List.of(new PortHolder(HostAddress.any(), "nginx (pid 42)"))
                                : List.of();
        try (ServerSocketChannel foreign = ServerSocketChannel.open();
                TestListeners listeners =
                        new TestListeners(Transport.EPOLL, holders, ListenerOptions.DEFAULT)) {
            foreign.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            foreign.bind(new InetSocketAddress(published.port()));

            PortOutcome outcome =
                    listeners.listeners.reserve(Wanted.refusing(published)).get(published);

            assertTrue(
                    assertInstanceOf(PortOutcome.Conflict.class, outcome)
                            .problem()
                            .what()
                            .contains("nginx (pid 42)"),
                    outcome::toString);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void closed_it_leaves_no_connection(Transport transport) throws Exception {
        try (TestServer echo = TestServer.echo();
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(Wanted.serving(published, echo.address()));
            try (Socket client = TestListeners.connect(published)) {
                client.getOutputStream().write(1);
                assertEquals(1, client.getInputStream().read());

                listeners.listeners.close();

                assertThrows(SocketException.class, () -> client.getInputStream().read());
                Until.holds("nothing is open", () -> listeners.listeners.active() == 0);
            }
            assertThrows(IOException.class, () -> TestListeners.connect(published).close());
        }
    }
}
