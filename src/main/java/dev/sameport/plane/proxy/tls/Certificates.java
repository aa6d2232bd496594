package dev.sameport.plane.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The certificates that a port shows at one time. Any thread, until `release`.
final class Certificates {
    private final List<SslContext> contexts = new ArrayList<>();
    private final ServerNames<SslContext> byName = new ServerNames<>();

    /// Makes ready to show these; the first one also to whom none is for.
    static Certificates of(
            List<Identity> identities,
            List<String> protocols,
            TlsLibrary library,
            TicketKeys keys) {
        Certificates certificates = new Certificates();
        try {
            for (Identity identity : identities) {
                SslContext context = Contexts.server(identity, protocols, library, keys);
                certificates.contexts.add(context);
                certificates.byName.add(identity.names(), context);
            }
            return certificates;
        } catch (SSLException refused) {
            certificates.release();
            throw new IllegalStateException(library + " refused a certificate", refused);
        }
    }

    /// Whether `library` takes this one.
    static void trial(
            Identity identity, List<String> protocols, TlsLibrary library, TicketKeys keys)
            throws BadCertificate {
        try {
            ReferenceCountUtil.release(Contexts.server(identity, protocols, library, keys));
        } catch (SSLException | IllegalArgumentException refused) {
            throw new BadCertificate(
                    library.detail() + " refuses it: " + refused.getMessage(),
                    "use an EC (P-256, P-384) or RSA key");
        }
    }

    boolean isEmpty() {
        return contexts.isEmpty();
    }

    /// Null where there is no certificate, or where these were released meanwhile.
    @Nullable SslHandler newHandler(@Nullable String serverName, ByteBufAllocator allocator) {
        SslContext context = byName.find(serverName);
        if (context == null || !retained(context)) {
            return null;
        }
        try {
            SslHandler handler = context.newHandler(allocator);
            handler.setHandshakeTimeout(
                    Contexts.HANDSHAKE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return handler;
        } finally {
            ReferenceCountUtil.release(context);
        }
    }

    private static boolean retained(SslContext context) {
        if (context instanceof ReferenceCounted counted) {
            try {
                counted.retain();
            } catch (IllegalReferenceCountException _) {
                return false;
            }
        }
        return true;
    }

    /// From now on tickets are written with the newest key.
    void use(TicketKeys keys) {
        for (SslContext context : contexts) {
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                sessions.setTicketKeys(keys.forOpenSsl());
            }
        }
    }

    /// Frees their memory once the last connection that was made with them has ended.
    void release() {
        contexts.forEach(ReferenceCountUtil::release);
    }
}
