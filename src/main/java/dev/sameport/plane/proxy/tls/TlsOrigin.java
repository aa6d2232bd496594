package dev.sameport.plane.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The TLS that is spoken to the endpoints of a service: whom we trust there, and by what name. Any
/// thread.
public final class TlsOrigin implements AutoCloseable {

    /// How endpoints are to be known.
    ///
    /// @param authorities a PEM file of the certificates that may have signed the endpoint's; null
    ///   stands for the JDK's own collection
    /// @param serverName the name that is asked for and has to be in the certificate; null stands
    ///   for the host that is connected to
    /// @param insecure whether any certificate will do
    /// @param protocols what is offered by ALPN, best first; none offers nothing
    public record Settings(
            @Nullable Path authorities,
            @Nullable String serverName,
            boolean insecure,
            List<String> protocols) {
        public Settings {
            protocols = List.copyOf(protocols);
            if (insecure && authorities != null) {
                throw new IllegalArgumentException(
                        "both insecure and the certificate authorities of "
                                + authorities
                                + "; leave one of them out");
            }
        }
    }

    private final Settings settings;
    private final SslContext context;

    private TlsOrigin(Settings settings, SslContext context) {
        this.settings = settings;
        this.context = context;
    }

    /// Reads whom to trust.
    ///
    /// @throws IOException where that can't be read, or isn't PEM; its message names the file
    public static TlsOrigin open(Settings settings, TlsLibrary library) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forClient();
        Contexts.common(builder, library, settings.protocols());
        if (settings.insecure()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null);
        } else {
            builder.endpointIdentificationAlgorithm("HTTPS");
        }
        Path authorities = settings.authorities();
        try {
            if (authorities != null) {
                builder.trustManager(new ByteArrayInputStream(Files.readAllBytes(authorities)));
            }
            return new TlsOrigin(settings, builder.build());
        } catch (IllegalArgumentException | SSLException malformed) {
            throw new IOException(
                    "certificate authorities " + authorities + " can't be used: " + malformed,
                    malformed);
        }
    }

    /// What a pipeline to an endpoint begins with. The handshake begins when the connection is
    /// there and may take 10 s.
    ///
    /// @param host the name or address that is connected to
    public SslHandler newHandler(ByteBufAllocator allocator, String host, int port) {
        String name = settings.serverName();
        SslHandler handler = context.newHandler(allocator, name == null ? host : name, port);
        handler.setHandshakeTimeout(Contexts.HANDSHAKE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    /// Makes no more handlers; open connections go on.
    @Override
    public void close() {
        ReferenceCountUtil.release(context);
    }
}
