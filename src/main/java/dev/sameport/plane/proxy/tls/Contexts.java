package dev.sameport.plane.proxy.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;

/// What both sides of TLS have in common, and the server's context of one certificate.
final class Contexts {
    static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    /// Those of TLS 1.3, then those of TLS 1.2 with forward secrecy and authenticated encryption;
    /// HTTP/2 forbids every other one (RFC 9113, appendix A).
    private static final List<String> CIPHERS =
            List.of(
                    "TLS_AES_128_GCM_SHA256",
                    "TLS_AES_256_GCM_SHA384",
                    "TLS_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256", "P-384"};
    private static final long SESSIONS = 20_000;
    private static final Duration SESSION = Duration.ofHours(12);

    private Contexts() {}

    /// To be released by whoever asked for it.
    static SslContext server(
            Identity identity, List<String> protocols, TlsLibrary library, TicketKeys keys)
            throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forServer(identity.key(), identity.chain())
                        .sessionCacheSize(SESSIONS)
                        .sessionTimeout(SESSION.toSeconds());
        SslContext context = common(builder, library, protocols).build();
        if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
            // A session is resumed only by the certificate's names that it was made with.
            sessions.setSessionIdContext(digest(identity.nameBytes()));
            sessions.setSessionCacheEnabled(true);
            sessions.setTicketKeys(keys.forOpenSsl());
        }
        return context;
    }

    /// Versions, ciphers, groups and application protocols. No protocols stand for no ALPN.
    static SslContextBuilder common(
            SslContextBuilder builder, TlsLibrary library, List<String> protocols) {
        builder.sslProvider(library.provider())
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(alpn(protocols));
        }
        return switch (library) {
            case OPENSSL -> builder.option(OpenSslContextOption.GROUPS, GROUPS);
            case JDK -> builder;
        };
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                protocols);
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // Every JDK has it.
        }
    }
}
