package dev.sameport.plane.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.AddressRange;
import dev.sameport.model.Affinity;
import dev.sameport.model.Balance;
import dev.sameport.model.Desired;
import dev.sameport.model.HttpPolicy;
import dev.sameport.model.Policies;
import dev.sameport.model.ProxyVersion;
import dev.sameport.model.Service;
import dev.sameport.model.TcpPolicy;
import dev.sameport.model.TlsPolicy;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.http.TestHttp.Client;
import dev.sameport.plane.proxy.l4.Wanted;
import dev.sameport.plane.proxy.wire.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// HTTP for a trusted proxy in front, which tells by a PROXY header whose connection it passes on;
/// and clients that keep their endpoint.
class ProxiedHttpTest {
    private static final TcpPolicy TRUSTING =
            new TcpPolicy(
                    Duration.ofSeconds(1),
                    Duration.ZERO,
                    0,
                    null,
                    List.of(
                            new AddressRange(InetAddress.ofLiteral("127.0.0.0"), 8),
                            new AddressRange(InetAddress.ofLiteral("::1"), 128)));
    private static final TlsPolicy SELF_SIGNED =
            new TlsPolicy(List.of(), List.of(), true, List.of("localhost"));
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static byte[] header(ProxyVersion version, String source) {
        ByteBuf out = Unpooled.buffer();
        ProxyProtocol.write(version, at(source, 4711), at("198.51.100.1", 8443), out);
        return ByteBufUtil.getBytes(out);
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static Desired desired(TestHttp http, @Nullable TlsPolicy tls, Origins... origins) {
        InetSocketAddress[] addresses = new InetSocketAddress[origins.length];
        for (int i = 0; i < origins.length; i++) {
            addresses[i] = origins[i].server.address();
        }
        Desired plain = Wanted.serving(http.published, addresses);
        Service service = plain.services().getFirst();
        Policies usual = service.policies();
        Policies policies =
                new Policies(
                        usual.mode(),
                        Balance.RANDOM,
                        new Affinity.ClientIp(Duration.ZERO),
                        usual.hold(),
                        usual.drain(),
                        usual.health(),
                        HttpPolicy.DEFAULT,
                        tls,
                        TRUSTING);
        return new Desired(1, List.of(new Service(service.name(), service.ports(), policies)));
    }

    private static TestHttp http() {
        return new TestHttp(Transport.forRelay(), HttpOptions.DEFAULT);
    }

    private static void assertTold(Origins origin, String client, String scheme) {
        String head = origin.heads.remove();
        assertEquals(client, Origins.field(head, "X-Forwarded-For"));
        assertEquals("8443", Origins.field(head, "X-Forwarded-Port"));
        assertEquals(scheme, Origins.field(head, "X-Forwarded-Proto"));
    }

    @Test
    void the_endpoint_is_told_the_client_that_the_header_names() throws Exception {
        try (Origins origin = Origins.saying("hello");
                TestHttp http = http()) {
            http.apply(desired(http, null, origin));
            for (ProxyVersion version : ProxyVersion.values()) {
                try (Client client = http.connect()) {
                    client.socket().getOutputStream().write(header(version, "203.0.113.7"));
                    for (int i = 0; i < 3; i++) {
                        client.send(REQUEST);
                        assertEquals("hello", client.answer().body());
                        assertTold(origin, "203.0.113.7", "http");
                    }
                }
            }
        }
    }

    @Test
    void the_header_and_the_first_request_may_come_in_one_piece() throws Exception {
        try (Origins origin = Origins.saying("hello");
                TestHttp http = http()) {
            http.apply(desired(http, null, origin));
            try (Client client = http.connect()) {
                client.send("PROXY TCP6 2001:db8::7 2001:db8::1 4711 8443\r\n" + REQUEST + REQUEST);
                assertEquals("hello", client.answer().body());
                assertEquals("hello", client.answer().body());
                assertEquals(
                        "for=\"[2001:db8:0:0:0:0:0:7]\";host=\"localhost\";proto=http",
                        Origins.field(Objects.requireNonNull(origin.heads.peek()), "Forwarded"));
                assertTold(origin, "2001:db8:0:0:0:0:0:7", "http");
                assertTold(origin, "2001:db8:0:0:0:0:0:7", "http");
            }
        }
    }

    @Test
    void the_header_comes_before_the_handshake() throws Exception {
        try (Origins origin = Origins.saying("hello");
                TestHttp http = http()) {
            http.apply(desired(http, SELF_SIGNED, origin));
            for (ProxyVersion version : ProxyVersion.values()) {
                try (Client plain = http.connect()) {
                    Socket socket = plain.socket();
                    socket.getOutputStream().write(header(version, "203.0.113.8"));
                    SSLSocketFactory tls = HttpsTest.trusting();
                    try (SSLSocket secure =
                            (SSLSocket)
                                    tls.createSocket(
                                            socket, "localhost", http.published.port(), true)) {
                        secure.getOutputStream().write(TestBytes.of(REQUEST));
                        assertEquals("hello", new Client(secure).answer().body());
                        assertTold(origin, "203.0.113.8", "https");
                    }
                }
            }
        }
    }

    @Test
    void every_client_keeps_its_endpoint_whichever_connection_it_comes_by() throws Exception {
        try (Origins one = Origins.saying("one");
                Origins two = Origins.saying("two");
                TestHttp http = http()) {
            http.apply(desired(http, null, one, two));
            Set<String> all = new HashSet<>();
            for (int i = 1; i < 30; i++) {
                Set<String> answers = new HashSet<>();
                for (int again = 0; again < 3; again++) {
                    answers.addAll(answers(http, "203.0.113." + i));
                }
                assertEquals(1, answers.size(), "client " + i);
                all.addAll(answers);
            }
            assertEquals(Set.of("one", "two"), all);
        }
    }

    private static List<String> answers(TestHttp http, String source) throws IOException {
        try (Client client = http.connect()) {
            client.socket().getOutputStream().write(header(ProxyVersion.V2, source));
            client.send(REQUEST);
            String first = client.answer().body();
            client.send(REQUEST);
            return List.of(first, client.answer().body());
        }
    }
}
