package dev.sameport.plane.proxy.l4;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sameport.model.AddressRange;
import dev.sameport.model.Affinity;
import dev.sameport.model.Balance;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.ProxyVersion;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.TcpPolicy;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.Transports;
import dev.sameport.plane.proxy.wire.Hellos;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Services that share a port, told apart by the name that a TLS client asks for.
class SniTest {
    private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};
    private static final byte[] DECODE_ERROR = {21, 3, 3, 0, 2, 2, 50};
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final byte[] HEADER =
            TestServer.bytes("PROXY TCP4 203.0.113.7 198.51.100.1 4711 443\r\n");

    private final PublishedPort published = PublishedPort.tcp(Wanted.freePort());

    private final Map<String, List<String>> names =
            Map.of(
                    "exact", List.of("db.example.com", "other.example.com"),
                    "wildcard", List.of("*.example.com"),
                    "rest", List.of("*"),
                    "second", List.of("db.example.com", "second.example.com"));

    /// Sends its name, then back what it gets.
    private static TestServer named(String name) {
        return TestServer.start(socket -> {
            socket.getOutputStream().write(TestServer.bytes(name + ":"));
            socket.getInputStream().transferTo(socket.getOutputStream());
        });
    }

    private Desired desired(Map<String, TestServer> servers) {
        List<Service> services = new ArrayList<>();
        servers.forEach((name, server) -> {
            ServicePort port =
                    new ServicePort(
                            published,
                            List.of(Wanted.endpoint(server.address(), 1)),
                            Intake.SERVE,
                            false,
                            names.get(name));
            services.add(Wanted.service(name, port, LONG));
        });
        return new Desired(1, services);
    }

    private static TcpPolicy trusting(@Nullable ProxyVersion sends) {
        return new TcpPolicy(
                Duration.ofSeconds(1),
                Duration.ZERO,
                0,
                sends,
                List.of(new AddressRange(InetAddress.ofLiteral("127.0.0.0"), 8)));
    }

    private String exchange(byte[] hello) throws IOException {
        return exchangeAfter(new byte[0], hello);
    }

    private String exchangeAfter(byte[] header, byte[] hello) throws IOException {
        try (Socket client = TestListeners.connect(published)) {
            client.getOutputStream().write(header);
            client.getOutputStream().write(hello);
            client.shutdownOutput();
            byte[] answer = client.getInputStream().readAllBytes();
            String text = new String(answer, ISO_8859_1);
            int colon = text.indexOf(':');
            assertEquals(new String(hello, ISO_8859_1), text.substring(colon + 1));
            return text.substring(0, colon);
        }
    }

    private byte[] refusal(byte[] sent) throws IOException {
        try (Socket client = TestListeners.connect(published)) {
            client.getOutputStream().write(sent);
            return client.getInputStream().readAllBytes();
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void the_server_name_chooses_the_service_which_gets_every_byte(Transport transport)
            throws Exception {
        try (TestServer exact = named("exact");
                TestServer wildcard = named("wildcard");
                TestServer second = named("second");
                TestListeners listeners = new TestListeners(transport)) {
            Map<String, TestServer> servers = new TreeMap<>();
            servers.put("exact", exact);
            servers.put("second", second);
            servers.put("wildcard", wildcard);
            listeners.apply(desired(servers));
            assertEquals("exact", exchange(Hellos.naming("db.example.com")));
            assertEquals("exact", exchange(Hellos.naming("OTHER.example.com")));
            assertEquals("second", exchange(Hellos.naming("second.example.com")));
            assertEquals("wildcard", exchange(Hellos.naming("a.example.com")));
            for (String unknown : List.of("example.com", "a.b.example.com", "localhost")) {
                assertArrayEquals(UNRECOGNIZED_NAME, refusal(Hellos.naming(unknown)), unknown);
            }
            assertArrayEquals(UNRECOGNIZED_NAME, refusal(Hellos.anonymous()));
            Until.holds("nothing is open", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_proxy_header_comes_before_the_hello_and_is_passed_on(Transport transport)
            throws Exception {
        byte[] hello = Hellos.naming("db.example.com");
        try (TestServer exact = named("exact");
                TestListeners listeners = new TestListeners(transport, trusting(ProxyVersion.V1))) {
            listeners.apply(desired(Map.of("exact", exact)));
            try (Socket client = TestListeners.connect(published)) {
                client.getOutputStream().write(HEADER);
                client.getOutputStream().write(hello);
                client.shutdownOutput();
                byte[] answer = client.getInputStream().readAllBytes();
                assertEquals(
                        "exact:" + new String(HEADER, ISO_8859_1) + new String(hello, ISO_8859_1),
                        new String(answer, ISO_8859_1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void whom_one_service_trusts_is_a_client_like_others_for_the_rest(Transport transport)
            throws Exception {
        try (TestServer trusting = named("exact");
                TestServer other = named("wildcard");
                TestListeners listeners = new TestListeners(transport)) {
            Desired plain = desired(Map.of("exact", trusting, "wildcard", other));
            listeners.apply(plain, Map.of("exact", trusting(null)));

            byte[] trusted = Hellos.naming("db.example.com");
            byte[] distrusted = Hellos.naming("a.example.com");
            assertEquals("wildcard", exchange(distrusted));
            assertEquals("exact", exchangeAfter(HEADER, trusted));
            assertEquals("exact", exchangeAfter(TestServer.bytes("PROXY UNKNOWN\r\n"), trusted));
            assertThrows(SocketException.class, () -> refusal(trusted));
            assertThrows(SocketException.class, () -> exchangeAfter(HEADER, distrusted));
            assertThrows(SocketException.class, () -> refusal(TestServer.bytes("GET / HTTP/1.1")));
            assertEquals(1, other.accepted.get());
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void services_that_are_asked_in_turn_use_all_their_endpoints(Transport transport)
            throws Exception {
        try (TestServer one = named("one");
                TestServer two = named("two");
                TestServer other = named("other");
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(
                    new Desired(1, List.of(inTurn("exact", one, two), inTurn("wildcard", other))));
            for (int i = 0; i < 4; i++) {
                assertEquals("other", exchange(Hellos.naming("a.example.com")));
                exchange(Hellos.naming("db.example.com"));
            }
            assertEquals(2, one.accepted.get());
            assertEquals(2, two.accepted.get());
        }
    }

    private Service inTurn(String name, TestServer... servers) {
        List<Endpoint> endpoints =
                Arrays.stream(servers).map(server -> Wanted.endpoint(server.address(), 1)).toList();
        ServicePort port =
                new ServicePort(published, endpoints, Intake.SERVE, false, names.get(name));
        return new Service(
                new ServiceName(name),
                List.of(port),
                Wanted.policies(LONG, LONG, Balance.ROUNDROBIN, new Affinity.None()));
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void what_has_no_name_or_an_unknown_one_goes_to_the_rest(Transport transport) throws Exception {
        try (TestServer exact = named("exact");
                TestServer rest = named("rest");
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(desired(Map.of("exact", exact, "rest", rest)));
            assertEquals("exact", exchange(Hellos.naming("db.example.com")));
            assertEquals("rest", exchange(Hellos.naming("db.example.org")));
            assertEquals("rest", exchange(Hellos.anonymous()));
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void what_is_not_tls_is_reset_and_what_is_malformed_gets_an_alert(Transport transport)
            throws Exception {
        try (TestServer exact = named("exact");
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(desired(Map.of("exact", exact)));
            assertThrows(
                    SocketException.class,
                    () -> refusal(TestServer.bytes("GET / HTTP/1.1\r\n\r\n")));
            assertArrayEquals(DECODE_ERROR, refusal(new byte[] {22, 3, 1, 0, 0}));
            assertEquals(0, exact.accepted.get());
            Until.holds("nothing is open", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_hello_byte_by_byte_is_understood(Transport transport) throws Exception {
        try (TestServer exact = named("exact");
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(desired(Map.of("exact", exact)));
            byte[] hello = Hellos.naming("db.example.com");
            try (Socket client = TestListeners.connect(published)) {
                client.setTcpNoDelay(true);
                for (byte each : hello) {
                    client.getOutputStream().write(each);
                }
                assertEquals(
                        "exact:", new String(client.getInputStream().readNBytes(6), ISO_8859_1));
                assertArrayEquals(hello, client.getInputStream().readNBytes(hello.length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void services_come_and_go_while_the_relays_of_the_others_go_on(Transport transport)
            throws Exception {
        try (TestServer exact = named("exact");
                TestServer rest = named("rest");
                TestListeners listeners = new TestListeners(transport)) {
            listeners.apply(desired(Map.of("exact", exact)));
            assertArrayEquals(UNRECOGNIZED_NAME, refusal(Hellos.anonymous()));
            try (Socket client = TestListeners.connect(published)) {
                byte[] hello = Hellos.naming("db.example.com");
                client.getOutputStream().write(hello);
                client.getInputStream().readNBytes(6 + hello.length);

                listeners.apply(desired(Map.of("exact", exact, "rest", rest)));
                assertEquals("rest", exchange(Hellos.anonymous()));
                listeners.apply(desired(Map.of("exact", exact)));
                assertArrayEquals(UNRECOGNIZED_NAME, refusal(Hellos.anonymous()));

                client.getOutputStream().write(7);
                assertEquals(7, client.getInputStream().read());
            }
        }
    }
}
