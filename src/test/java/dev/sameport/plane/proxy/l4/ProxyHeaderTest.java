package dev.sameport.plane.proxy.l4;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sameport.model.AddressRange;
import dev.sameport.model.Affinity;
import dev.sameport.model.Balance;
import dev.sameport.model.Desired;
import dev.sameport.model.Policies;
import dev.sameport.model.ProxyVersion;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.TcpPolicy;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.Transports;
import dev.sameport.plane.proxy.wire.ProxyProtocol;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Proxied;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whose connection it is: as told by a trusted peer, and as told to the endpoint.
class ProxyHeaderTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final List<AddressRange> LOOPBACK =
            List.of(
                    new AddressRange(InetAddress.ofLiteral("127.0.0.0"), 8),
                    new AddressRange(InetAddress.ofLiteral("::1"), 128));
    private static final InetSocketAddress FAR = at("203.0.113.7", 4711);
    private static final InetSocketAddress FRONT = at("198.51.100.1", 443);

    private final PublishedPort published = PublishedPort.tcp(Wanted.freePort());

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    static TcpPolicy settings(@Nullable ProxyVersion sends, List<AddressRange> trusted) {
        return new TcpPolicy(Duration.ofSeconds(1), Duration.ZERO, 0, sends, trusted);
    }

    private static byte[] header(ProxyVersion version, InetSocketAddress source) {
        ByteBuf out = Unpooled.buffer();
        ProxyProtocol.write(version, source, FRONT, out);
        return ByteBufUtil.getBytes(out);
    }

    /// Says, for every connection, what PROXY header and what else it got until the client ended.
    private static TestServer teller() {
        return TestServer.start(socket -> {
            ByteBuf all = Unpooled.wrappedBuffer(socket.getInputStream().readAllBytes());
            ProxyProtocol.Outcome outcome = ProxyProtocol.read(all);
            String told =
                    outcome instanceof Proxied(InetSocketAddress from, InetSocketAddress to)
                            ? from.getAddress().getHostAddress()
                                    + ":"
                                    + from.getPort()
                                    + ">"
                                    + to.getAddress().getHostAddress()
                                    + ":"
                                    + to.getPort()
                            : outcome.toString();
            socket.getOutputStream()
                    .write((told + " " + all.toString(ISO_8859_1)).getBytes(ISO_8859_1));
        });
    }

    private static String exchange(Socket client, byte[]... parts) throws IOException {
        for (byte[] part : parts) {
            client.getOutputStream().write(part);
            client.getOutputStream().flush();
        }
        client.shutdownOutput();
        return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void an_endpoint_is_told_the_client_before_its_first_byte(Transport transport)
            throws Exception {
        for (ProxyVersion version : ProxyVersion.values()) {
            try (TestServer server = teller();
                    TestListeners listeners =
                            new TestListeners(transport, settings(version, List.of()))) {
                listeners.apply(Wanted.serving(published, server.address()));
                for (String loopback : List.of("127.0.0.1", "::1")) {
                    InetAddress address = InetAddress.ofLiteral(loopback);
                    InetSocketAddress door = new InetSocketAddress(address, published.port());
                    try (Socket client = TestListeners.connect(door)) {
                        String host = address.getHostAddress();
                        String expected =
                                host
                                        + ":"
                                        + client.getLocalPort()
                                        + ">"
                                        + host
                                        + ":"
                                        + published.port()
                                        + " hi";
                        assertEquals(expected, exchange(client, TestServer.bytes("hi")));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void what_a_trusted_peer_tells_is_passed_on(Transport transport) throws Exception {
        try (TestServer server = teller();
                TestListeners listeners =
                        new TestListeners(transport, settings(ProxyVersion.V2, LOOPBACK))) {
            listeners.apply(Wanted.serving(published, server.address()));
            for (ProxyVersion version : ProxyVersion.values()) {
                byte[] header = header(version, FAR);
                try (Socket client = TestListeners.connect(published)) {
                    assertEquals(
                            "203.0.113.7:4711>198.51.100.1:443 hello",
                            exchange(client, header, TestServer.bytes("hello")));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_header_may_come_byte_by_byte_and_say_nothing(Transport transport) throws Exception {
        try (TestServer server = teller();
                TestListeners listeners =
                        new TestListeners(transport, settings(ProxyVersion.V1, LOOPBACK))) {
            listeners.apply(Wanted.serving(published, server.address()));
            try (Socket client = TestListeners.connect(published)) {
                client.setTcpNoDelay(true);
                byte[] header = TestServer.bytes("PROXY UNKNOWN\r\n");
                for (byte each : header) {
                    client.getOutputStream().write(each);
                }
                assertEquals(
                        "127.0.0.1:"
                                + client.getLocalPort()
                                + ">127.0.0.1:"
                                + published.port()
                                + " rest",
                        exchange(client, TestServer.bytes("rest")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_trusted_peer_that_sends_no_header_is_reset(Transport transport) throws Exception {
        try (TestServer server = TestServer.named("never");
                TestListeners listeners = new TestListeners(transport, settings(null, LOOPBACK))) {
            listeners.apply(Wanted.serving(published, server.address()));
            try (Socket client = TestListeners.connect(published)) {
                client.getOutputStream().write(TestServer.bytes("GET / HTTP/1.1\r\n\r\n"));
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
            try (Socket client = TestListeners.connect(published)) {
                client.getOutputStream().write(TestServer.bytes("PROXY TC"));
                client.shutdownOutput();
                assertThrows(SocketException.class, () -> client.getInputStream().read());
            }
            Until.holds("nothing is open", () -> listeners.listeners.active() == 0);
            assertEquals(0, server.accepted.get());
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_trusted_peer_that_says_nothing_is_reset_after_five_seconds(Transport transport)
            throws Exception {
        try (TestListeners listeners = new TestListeners(transport, settings(null, LOOPBACK))) {
            listeners.apply(Wanted.holding(published, LONG));
            try (Socket client = TestListeners.connect(published)) {
                long start = System.nanoTime();
                assertThrows(SocketException.class, () -> client.getInputStream().read());
                assertEquals(5, (System.nanoTime() - start) / 1e9, 2);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void what_another_peer_sends_is_no_header_but_its_own(Transport transport) throws Exception {
        List<AddressRange> others = List.of(new AddressRange(InetAddress.ofLiteral("10.0.0.0"), 8));
        try (TestServer server = TestServer.echo();
                TestListeners listeners = new TestListeners(transport, settings(null, others))) {
            listeners.apply(Wanted.serving(published, server.address()));
            try (Socket client = TestListeners.connect(published)) {
                String text = "PROXY UNKNOWN\r\nrest";
                assertEquals(text, exchange(client, TestServer.bytes(text)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_client_keeps_its_endpoint_wherever_its_proxy_is(Transport transport) throws Exception {
        try (TestServer one = TestServer.named("one");
                TestServer two = TestServer.named("two");
                TestListeners listeners = new TestListeners(transport, settings(null, LOOPBACK))) {
            Desired plain = Wanted.serving(published, one.address(), two.address());
            ServicePort port = plain.services().getFirst().ports().getFirst();
            Policies policies =
                    Wanted.policies(
                            LONG, LONG, Balance.RANDOM, new Affinity.ClientIp(Duration.ZERO));
            listeners.apply(
                    new Desired(
                            1,
                            List.of(new Service(new ServiceName("web"), List.of(port), policies))));
            assertEquals(Intake.SERVE, port.intake());
            Set<String> all = new HashSet<>();
            for (int i = 1; i < 30; i++) {
                Set<String> answers = new HashSet<>();
                for (int again = 1; again < 4; again++) {
                    try (Socket client = TestListeners.connect(published)) {
                        InetSocketAddress source = at("203.0.113." + i, again);
                        answers.add(exchange(client, header(ProxyVersion.V2, source)));
                    }
                }
                assertEquals(1, answers.size(), "client " + i);
                all.addAll(answers);
            }
            assertEquals(Set.of("one", "two"), all);
        }
    }
}
