package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Desired;
import dev.sameport.model.HttpPolicy;
import dev.sameport.model.Policies;
import dev.sameport.model.Service;
import dev.sameport.model.TcpPolicy;
import dev.sameport.model.TlsPolicy;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.http.TestHttp.Answer;
import dev.sameport.plane.proxy.http.TestHttp.Client;
import dev.sameport.plane.proxy.l4.Wanted;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;

class HttpsTest {
    private static final TlsPolicy SELF_SIGNED =
            new TlsPolicy(List.of(), List.of(), true, List.of("localhost"));

    private static Desired secured(TestHttp http, Origins origin) {
        return secured(http, origin, SELF_SIGNED);
    }

    private static Desired secured(TestHttp http, Origins origin, TlsPolicy tls) {
        Desired plain = Wanted.serving(http.published, origin.server.address());
        Service service = plain.services().getFirst();
        Policies usual = service.policies();
        Policies policies =
                new Policies(
                        usual.mode(),
                        usual.balance(),
                        usual.affinity(),
                        usual.hold(),
                        usual.drain(),
                        usual.health(),
                        HttpPolicy.DEFAULT,
                        tls,
                        TcpPolicy.DEFAULT);
        return new Desired(2, List.of(new Service(service.name(), service.ports(), policies)));
    }

    @Test
    void requests_come_in_by_tls_and_the_endpoint_is_told() throws Exception {
        try (Origins origin = Origins.saying("secret");
                TestHttp http = new TestHttp(Transport.forRelay(), HttpOptions.DEFAULT)) {
            http.apply(secured(http, origin));
            try (SSLSocket socket = connect(http)) {
                for (int i = 0; i < 3; i++) {
                    socket.getOutputStream()
                            .write(TestBytes.of("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                    Answer answer = new Client(socket).answer();
                    assertEquals("secret", answer.body());
                    String head = origin.heads.remove();
                    assertEquals("https", Origins.field(head, "X-Forwarded-Proto"));
                }
                socket.getOutputStream().write(TestBytes.of("nonsense\r\n\r\n"));
                Answer refused = new Client(socket).answer();
                assertEquals(400, refused.status());
                assertEquals(-1, socket.getInputStream().read());
            }
        }
    }

    @Test
    void where_tls_is_asked_for_without_a_certificate_nothing_is_served_in_plain_text()
            throws Exception {
        try (Origins origin = Origins.saying("secret");
                TestHttp http = new TestHttp(Transport.forRelay(), HttpOptions.DEFAULT)) {
            http.apply(
                    secured(http, origin, new TlsPolicy(List.of(), List.of(), false, List.of())));
            assertThrows(
                    IOException.class,
                    () -> {
                        try (Client client = http.connect()) {
                            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                            client.in().read();
                        }
                    });
            assertEquals(0, origin.heads.size());
        }
    }

    @Test
    void a_service_that_asks_for_tls_later_gets_it_without_a_new_listener() throws Exception {
        try (Origins origin = Origins.saying("hello");
                TestHttp http = TestHttp.serving(origin)) {
            try (Client client = http.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                assertEquals("hello", client.answer().body());
                http.apply(secured(http, origin));
                client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                assertEquals("hello", client.answer().body());
            }
            try (SSLSocket socket = connect(http)) {
                socket.getOutputStream().write(TestBytes.of("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
                assertEquals("hello", new Client(socket).answer().body());
            }
            try (Client plain = http.connect()) {
                plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                String told = new String(plain.in().readAllBytes(), ISO_8859_1);
                assertTrue(told.startsWith("HTTP/1.1 400 "), told);
            }
        }
    }

    private static SSLSocket connect(TestHttp http) throws Exception {
        return (SSLSocket) trusting().createSocket("localhost", http.published.port());
    }

    /// Makes sockets of clients that trust whatever certificate they are shown.
    static SSLSocketFactory trusting() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
        return context.getSocketFactory();
    }

    /// The certificate is made by the server under test; `plane.proxy.tls` has tests of what it
    /// says.
    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
