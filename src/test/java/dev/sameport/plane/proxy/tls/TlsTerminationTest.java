package dev.sameport.plane.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.Transports;
import dev.sameport.plane.proxy.l4.Until;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TlsTerminationTest {
    private static final TlsSettings SELF_SIGNED =
            new TlsSettings(List.of(), true, List.of("one.example", "two.example"), true);

    @TempDir Path folder;

    private TlsSettings three() throws IOException {
        return new TlsSettings(
                List.of(
                        TestCertificates.fresh(folder, "first", "first.example"),
                        TestCertificates.fresh(folder, "wild", "*.wild.example", "a.b.example"),
                        TestCertificates.fresh(folder, "exact", "exact.wild.example")),
                false,
                List.of(),
                true);
    }

    @ParameterizedTest
    @EnumSource
    void the_certificate_is_that_of_the_exact_name_else_of_the_wildcard_else_the_first(
            TlsLibrary library) throws Exception {
        try (TestTlsServer server = new TestTlsServer(three(), library)) {
            assertEquals(List.of("first.example"), shown(server, "first.example"));
            assertEquals(List.of("exact.wild.example"), shown(server, "exact.wild.example"));
            assertEquals(List.of("exact.wild.example"), shown(server, "EXACT.wild.Example"));
            assertEquals("*.wild.example", shown(server, "other.wild.example").getFirst());
            assertEquals("*.wild.example", shown(server, "a.b.example").getFirst());
            assertEquals(List.of("first.example"), shown(server, "too.deep.wild.example"));
            assertEquals(List.of("first.example"), shown(server, "unknown.example"));
            assertEquals(List.of("first.example"), shown(server, ""));
        }
    }

    private static List<String> shown(TestTlsServer server, String name) throws Exception {
        try (var client = TestTlsClient.plain().connect(server.address(), name)) {
            String asked = name.isEmpty() ? "null" : name.toLowerCase(Locale.ROOT);
            assertEquals("http/1.1 " + asked, client.greeting());
            return client.names();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENSSL, TLSv1.2",
        "OPENSSL, TLSv1.3",
        "JDK, TLSv1.2",
        "JDK, TLSv1.3",
    })
    void the_protocol_is_agreed_on_by_alpn(TlsLibrary library, String version) throws Exception {
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, library)) {
            assertEquals("h2", agreed(server, version, List.of("http/1.1", "h2")));
            assertEquals("http/1.1", agreed(server, version, List.of("http/1.1")));
            assertEquals("http/1.1", agreed(server, version, List.of()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_port_without_http2_agrees_on_http_1_1(TlsLibrary library) throws Exception {
        TlsSettings settings = new TlsSettings(List.of(), true, List.of(), false);
        try (TestTlsServer server = new TestTlsServer(settings, library)) {
            assertEquals("http/1.1", agreed(server, "TLSv1.3", List.of("h2", "http/1.1")));
        }
    }

    private static String agreed(TestTlsServer server, String version, List<String> offered)
            throws Exception {
        TestTlsClient client = new TestTlsClient(version, offered);
        try (var connection = client.connect(server.address(), "one.example")) {
            connection.roundTrip();
            return connection.greeting().split(" ")[0];
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void every_transport_carries_it(Transport transport) throws Exception {
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, transport);
                var client = TestTlsClient.plain().connect(server.address(), "one.example")) {
            byte[] sent = new byte[300_000];
            new SplittableRandom(1).nextBytes(sent);
            Thread.ofVirtual().start(() -> send(client, sent));

            assertArrayEquals(sent, client.socket().getInputStream().readNBytes(sent.length));
        }
    }

    private static void send(TestTlsClient.Greeted client, byte[] bytes) {
        try {
            client.socket().getOutputStream().write(bytes);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENSSL, TLSv1.2",
        "OPENSSL, TLSv1.3",
        "JDK, TLSv1.2",
        "JDK, TLSv1.3",
    })
    void a_session_is_resumed(TlsLibrary library, String version) throws Exception {
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, library)) {
            TestTlsClient client = new TestTlsClient(version, List.of());
            long first = begun(client, server);

            assertEquals(first, begun(client, server));
            assertNotEquals(first, begun(new TestTlsClient(version, List.of()), server));
        }
    }

    /// When the session was made: that of a session which is resumed stays the same.
    private static long begun(TestTlsClient client, TestTlsServer server) throws Exception {
        long start = System.currentTimeMillis();
        while (System.currentTimeMillis() == start) {
            Thread.onSpinWait();
        }
        try (var connection = client.connect(server.address(), "one.example")) {
            connection.roundTrip();
            return connection.socket().getSession().getCreationTime();
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void a_session_is_resumed_with_a_successor_that_has_the_ticket_keys(String version)
            throws Exception {
        TestTlsClient client = new TestTlsClient(version, List.of());
        try (TestTlsServer old = new TestTlsServer(SELF_SIGNED, TlsLibrary.OPENSSL)) {
            TicketKeys handed = TicketKeys.parse(old.termination.ticketKeys());
            long first = begun(client, old);

            try (TestTlsServer successor = TestTlsServer.after(old, SELF_SIGNED, handed)) {
                assertEquals(first, begun(client, successor));

                TicketKeys strange = TicketKeys.fresh(Instant.now());
                try (TestTlsServer other = TestTlsServer.after(successor, SELF_SIGNED, strange)) {
                    assertNotEquals(first, begun(client, other));
                }
            }
        }
    }

    @Test
    void a_ticket_outlives_the_rotation_of_its_key_and_not_the_key() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        TestTlsClient client = new TestTlsClient("TLSv1.2", List.of());
        TicketKeys keys = TicketKeys.fresh(now.get());
        byte[] before = keys.bytes();
        try (TestTlsServer server =
                new TestTlsServer(SELF_SIGNED, TlsLibrary.OPENSSL, keys, now::get)) {
            long first = begun(client, server);
            now.set(now.get().plus(TicketKeys.USED));
            Until.holds("the keys rotate", () -> keys.bytes().length > before.length);

            assertEquals(first, begun(client, server));
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void a_session_of_one_certificate_is_not_resumed_with_another(String version) throws Exception {
        TlsSettings other = new TlsSettings(List.of(), true, List.of("other.example"), true);
        TestTlsClient client = new TestTlsClient(version, List.of());
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, TlsLibrary.OPENSSL)) {
            TicketKeys handed = TicketKeys.parse(server.termination.ticketKeys());
            long first = begun(client, server);

            try (TestTlsServer next = TestTlsServer.after(server, other, handed)) {
                assertNotEquals(first, begun(client, next));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tls_1_1_is_refused_with_an_alert(TlsLibrary library) throws Exception {
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, library);
                Socket client = raw(server)) {
            client.getOutputStream().write(helloOfTls11());

            byte[] alert = client.getInputStream().readNBytes(7);

            assertEquals(21, alert[0], "a record of kind alert");
            assertEquals(70, alert[6], "protocol_version (RFC 8446, section 6)");
            assertEquals(-1, client.getInputStream().read());
        }
    }

    private static Socket raw(TestTlsServer server) throws IOException {
        Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static byte[] helloOfTls11() {
        byte[] body = new byte[2 + 32 + 1 + 2 + 4 + 2];
        body[0] = 3;
        body[1] = 2;
        body[36] = 4; // Two ciphers: ECDHE_RSA and ECDHE_ECDSA with AES_128_CBC_SHA.
        body[37] = (byte) 0xc0;
        body[38] = 0x13;
        body[39] = (byte) 0xc0;
        body[40] = 0x09;
        body[41] = 1;
        byte[] record = new byte[9 + body.length];
        record[0] = 22;
        record[1] = 3;
        record[2] = 1;
        record[4] = (byte) (4 + body.length);
        record[5] = 1;
        record[8] = (byte) body.length;
        System.arraycopy(body, 0, record, 9, body.length);
        return record;
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_request_without_tls_is_told_so_however_much_follows_it(Transport transport)
            throws Exception {
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, transport);
                Socket client = raw(server)) {
            byte[] request = new byte[100_000];
            byte[] head = "POST / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(head, 0, request, 0, head.length);
            client.getOutputStream().write(request);
            client.shutdownOutput();

            String answer =
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
            assertTrue(
                    answer.endsWith(
                            "\r\n\r\nThis port speaks TLS: use https:// instead of"
                                    + " http://.\n"),
                    answer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytes_that_are_neither_tls_nor_http_end_the_connection(TlsLibrary library)
            throws Exception {
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, library);
                Socket client = raw(server)) {
            client.getOutputStream().write(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8});

            InputStream in = client.getInputStream();
            assertEquals(-1, in.read());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_self_signed_certificate_has_its_names_and_is_made_again_in_time(TlsLibrary library)
            throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        TicketKeys keys = TicketKeys.fresh(now.get());
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, library, keys, now::get)) {
            BigInteger first;
            try (var client = TestTlsClient.plain().connect(server.address(), "two.example")) {
                assertEquals(List.of("one.example", "two.example"), client.names());
                client.certificate().verify(client.certificate().getPublicKey());
                client.certificate().checkValidity();
                first = client.certificate().getSerialNumber();
            }
            now.set(now.get().plus(Duration.ofDays(25)));

            Until.holds("another one is shown", () -> !first.equals(serial(server)));
        }
    }

    private static BigInteger serial(TestTlsServer server) {
        try (var client = TestTlsClient.plain().connect(server.address(), "two.example")) {
            return client.certificate().getSerialNumber();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    void without_a_usable_certificate_handshakes_fail(TlsLibrary library) {
        CertificateFiles absent =
                new CertificateFiles(folder.resolve("none.crt"), folder.resolve("none.key"));
        TlsSettings settings = new TlsSettings(List.of(absent), false, List.of(), true);
        try (TestTlsServer server = new TestTlsServer(settings, library)) {
            assertThrows(
                    IOException.class,
                    () -> TestTlsClient.plain().connect(server.address(), "one.example").close());
            assertEquals(1, server.reports.size());
        }
    }

    @Test
    void a_server_name_that_is_none_is_nonsense() {
        for (String name : List.of("", "a b", "a,b.example", "*", "\u00fc.example")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new TlsSettings(List.of(), true, List.of(name), true));
        }
    }

    @Test
    void neither_a_certificate_nor_a_self_signed_one_is_nonsense() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new TlsSettings(List.of(), false, List.of(), true));
    }

    @Test
    void a_failed_handshake_is_an_error_to_the_client() throws Exception {
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, TlsLibrary.best())) {
            server.termination.close();
            Until.holds("it accepts no handshake", () -> refuses(server));
        }
    }

    private static boolean refuses(TestTlsServer server) {
        try (var _ = TestTlsClient.plain().connect(server.address(), "one.example")) {
            return false;
        } catch (SSLException | SocketException _) {
            return true;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
