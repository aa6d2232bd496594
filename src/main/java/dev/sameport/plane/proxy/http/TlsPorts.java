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

/// Ends TLS for the ports whose services ask for it: one directory of certificates, one set of
/// ticket keys. Any thread.
///
/// @param directory below which labels may name files; a container must not be able to have other
///   files read by the daemon
/// @param changed told when problems may have changed
record TlsPorts(
        Path directory, TlsLibrary library, TicketKeys keys, Consumer<List<Problem>> changed) {

    static TlsPorts in(Path directory, Consumer<List<Problem>> changed) {
        return new TlsPorts(directory, TlsLibrary.best(), TicketKeys.fresh(Instant.now()), changed);
    }

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
        return TlsTermination.open(settings, library, keys, changed);
    }
}
