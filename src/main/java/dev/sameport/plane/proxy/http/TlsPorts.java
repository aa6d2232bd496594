package dev.sameport.plane.proxy.http;

import dev.sameport.model.Problem;
import dev.sameport.model.TlsPolicy;
import dev.sameport.plane.proxy.tls.CertificateFiles;
import dev.sameport.plane.proxy.tls.TicketKeys;
import dev.sameport.plane.proxy.tls.TlsLibrary;
import dev.sameport.plane.proxy.tls.TlsSettings;
import dev.sameport.plane.proxy.tls.TlsTermination;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Ends TLS for the ports whose services ask for it: one directory of certificates, one set of
/// ticket keys. Any thread.
///
/// The library is loaded for the first of them: most daemons have none, and start sooner without.
final class TlsPorts {
    private final Path directory;
    private final Consumer<List<Problem>> changed;
    private @Nullable TicketKeys keys;

    /// @param directory below which labels may name files; a container must not be able to have
    ///   other files read by the daemon
    /// @param changed gets the problems of a port when they change
    TlsPorts(Path directory, Consumer<List<Problem>> changed) {
        this.directory = directory;
        this.changed = changed;
    }

    /// Ends TLS as `policy` says, which must be usable.
    TlsTermination open(TlsPolicy policy) {
        List<CertificateFiles> files = new ArrayList<>();
        for (int i = 0; i < policy.certificates().size(); i++) {
            files.add(
                    new CertificateFiles(
                            directory.resolve(policy.certificates().get(i)),
                            directory.resolve(policy.keys().get(i))));
        }
        TlsSettings settings =
                new TlsSettings(files, policy.selfSigned(), policy.serverNames(), false);
        return TlsTermination.open(settings, TlsLibrary.best(), keys(), changed);
    }

    private synchronized TicketKeys keys() {
        TicketKeys now = keys;
        if (now == null) {
            now = TicketKeys.fresh(Instant.now());
            keys = now;
        }
        return now;
    }
}
