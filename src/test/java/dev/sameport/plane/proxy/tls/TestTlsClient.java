package dev.sameport.plane.proxy.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Clients of the JDK that trust everybody. Connections of one object share its sessions.
final class TestTlsClient {
    private static final int PATIENCE_MILLIS = 20_000;

    private final SSLContext context;
    private final String version;
    private final List<String> protocols;

    /// @param version such as `TLSv1.3`
    /// @param protocols what is offered by ALPN
    TestTlsClient(String version, List<String> protocols) throws GeneralSecurityException {
        this.version = version;
        this.protocols = protocols;
        context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
    }

    static TestTlsClient plain() throws GeneralSecurityException {
        return new TestTlsClient("TLSv1.3", List.of());
    }

    /// One connection, greeted.
    record Greeted(SSLSocket socket, String greeting) implements AutoCloseable {
        X509Certificate certificate() throws IOException {
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }

        List<String> names() throws Exception {
            return certificate().getSubjectAlternativeNames().stream()
                    .map(name -> String.valueOf(name.get(1)))
                    .toList();
        }

        /// Sends one byte and waits for it.
        void roundTrip() throws IOException {
            socket.getOutputStream().write('x');
            if (socket.getInputStream().read() != 'x') {
                throw new IOException("not echoed");
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// Connects with this server name; an empty one asks for none.
    Greeted connect(InetSocketAddress address, String serverName) throws IOException {
        Socket plain = new Socket();
        plain.setSoTimeout(PATIENCE_MILLIS);
        plain.connect(address, PATIENCE_MILLIS);
        String host = serverName.isEmpty() ? "127.0.0.1" : serverName;
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(plain, host, address.getPort(), true);
        try {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setApplicationProtocols(protocols.toArray(String[]::new));
            parameters.setServerNames(
                    serverName.isEmpty() ? List.of() : List.of(new SNIHostName(serverName)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new Greeted(socket, line(socket.getInputStream()));
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("ended before it greeted");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
