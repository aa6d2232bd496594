package dev.sameport.plane.proxy.tls;

import dev.sameport.model.Problem;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The TLS of one published port: its certificates, read again when their files change, and a
/// handler for each connection.
///
/// A file that breaks leaves the certificate in force that was there before. Connections go on with
/// the certificate that they began with.
public final class TlsTermination implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TlsTermination.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    static final AttributeKey<String> SERVER_NAME =
            AttributeKey.valueOf(TlsTermination.class, "serverName");

    private final TlsSettings settings;
    private final TlsLibrary library;
    private final TicketKeys keys;
    private final Consumer<List<Problem>> report;
    private final InstantSource clock;

    /// Confined to the constructor, then to the watching thread.
    private final List<CertificateSource> sources = new ArrayList<>();

    /// As `sources`.
    private long newestKey;

    private final Thread watching;

    /// Written by the watching thread.
    private volatile Certificates certificates;

    /// As `certificates`.
    private volatile List<Problem> problems = List.of();

    private volatile boolean closed;

    private TlsTermination(
            TlsSettings settings,
            TlsLibrary library,
            TicketKeys keys,
            Consumer<List<Problem>> report,
            InstantSource clock,
            Duration lookEvery) {
        this.settings = settings;
        this.library = library;
        this.keys = keys;
        this.report = report;
        this.clock = clock;
        for (CertificateFiles files : settings.certificates()) {
            sources.add(new CertificateSource.Watched(files, this::trial));
        }
        if (settings.selfSigned()) {
            sources.add(new CertificateSource.Made(settings.serverNames()));
        }
        certificates = Certificates.of(List.of(), settings.protocols(), library, keys);
        newestKey = keys.newest();
        look();
        watching =
                Thread.ofVirtual().name("certificates").unstarted(() -> watch(lookEvery.toNanos()));
    }

    /// Reads the certificates and begins to watch their files. One that can't be used is reported;
    /// a port without any usable one refuses every handshake until there is one.
    ///
    /// @param keys may be shared by the ports of a daemon
    /// @param report gets all problems of this port whenever they change, on a thread of ours
    ///   (before this method returns: on the calling one)
    public static TlsTermination open(
            TlsSettings settings,
            TlsLibrary library,
            TicketKeys keys,
            Consumer<List<Problem>> report) {
        return open(settings, library, keys, report, InstantSource.system(), LOOK_EVERY);
    }

    static TlsTermination open(
            TlsSettings settings,
            TlsLibrary library,
            TicketKeys keys,
            Consumer<List<Problem>> report,
            InstantSource clock,
            Duration lookEvery) {
        TlsTermination opened =
                new TlsTermination(settings, library, keys, report, clock, lookEvery);
        opened.watching.start();
        return opened;
    }

    private void watch(long pauseNanos) {
        while (!closed) {
            LockSupport.parkNanos(pauseNanos);
            if (!closed) {
                try {
                    look();
                } catch (RuntimeException failure) {
                    LOG.log(System.Logger.Level.ERROR, "certificates can't be watched", failure);
                }
            }
        }
        certificates.release();
    }

    private void look() {
        Instant now = clock.instant();
        boolean changed = false;
        for (CertificateSource source : sources) {
            changed |= source.look(now);
        }
        keys.rotate(now);
        if (changed) {
            show();
        } else if (keys.newest() != newestKey) {
            certificates.use(keys);
        }
        newestKey = keys.newest();
        tell(sources.stream().flatMap(source -> source.problems(now).stream()).toList());
    }

    private void show() {
        List<Identity> identities =
                sources.stream().map(CertificateSource::identity).filter(Objects::nonNull).toList();
        Certificates before = certificates;
        certificates = Certificates.of(identities, settings.protocols(), library, keys);
        before.release();
        for (Identity identity : identities) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "certificate in force names="
                            + identity.names()
                            + " until="
                            + identity.certificate().getNotAfter().toInstant());
        }
    }

    private void trial(Identity identity) throws BadCertificate {
        Certificates.trial(identity, settings.protocols(), library, keys);
    }

    private void tell(List<Problem> latest) {
        if (!latest.equals(problems)) {
            problems = latest;
            report.accept(latest);
        }
    }

    /// What is wrong with the certificates now.
    public List<Problem> problems() {
        return problems;
    }

    /// The ticket keys for a successor daemon (`TicketKeys.parse`): secret.
    public byte[] ticketKeys() {
        return keys.bytes();
    }

    /// What a new connection's pipeline begins with. It reads the ClientHello by itself, then does
    /// the handshake within 10 s; `SslHandshakeCompletionEvent` tells the handlers after it how
    /// that went. Where it failed the connection closes; a client that speaks HTTP without TLS is
    /// told so.
    public ChannelHandler newHandler(ByteBufAllocator allocator) {
        return new TlsEntrance(this, allocator);
    }

    /// Null where no certificate is there.
    @Nullable SslHandler newHandler(@Nullable String serverName, ByteBufAllocator allocator) {
        while (true) {
            Certificates now = certificates;
            SslHandler handler = now.newHandler(serverName, allocator);
            if (handler != null || now.isEmpty() || closed) {
                return handler;
            } // They were replaced just now.
        }
    }

    /// What was agreed on by ALPN: `h2` or `http/1.1`, which is also for a client without ALPN.
    /// Null before the handshake is over.
    public static @Nullable String protocolOf(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null || !handler.handshakeFuture().isSuccess()) {
            return null;
        }
        String agreed = handler.applicationProtocol();
        return agreed == null ? "http/1.1" : agreed;
    }

    /// The server name that the client asked for (SNI), in lower case; null where it gave none.
    public static @Nullable String serverNameOf(Channel channel) {
        return channel.attr(SERVER_NAME).get();
    }

    /// Accepts no handshake any more. Open connections go on.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watching);
    }
}
