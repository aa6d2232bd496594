package dev.sameport.plane.reuseport;

import dev.sameport.linux.LinuxException;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Sysctl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/// `net.ipv4.tcp_migrate_req` of namespaces in which replicas share a port: connections that wait
/// at a listener when it closes go to another one, instead of being reset (Linux 5.14).
///
/// What it was before is written down in a file for each namespace, by its cookie, until it is put
/// back.
final class MigratedRequests {
    private static final System.Logger LOG = System.getLogger(MigratedRequests.class.getName());
    private static final String NAME = "net.ipv4.tcp_migrate_req";

    private final Path folder;

    MigratedRequests(Path folder) {
        this.folder = folder;
    }

    /// Switches it on in a namespace. Where it is on already, nobody will switch it off.
    void begin(NetworkNamespace namespace, long cookie) {
        namespace.call(() -> {
            String former = Sysctl.read(NAME).orElse("");
            if (former.equals("0")) {
                remember(cookie);
                Sysctl.write(NAME, "1");
            }
            return former;
        });
    }

    private void remember(long cookie) {
        try {
            Files.createDirectories(folder);
            Files.writeString(file(cookie), "0\n");
        } catch (IOException failure) {
            throw new UncheckedIOException("can't write " + file(cookie), failure);
        }
    }

    /// Puts it back.
    void end(NetworkNamespace namespace, long cookie) {
        if (!Files.exists(file(cookie))) {
            return;
        }
        try {
            namespace.call(() -> {
                Sysctl.write(NAME, "0");
                return 0;
            });
            Files.deleteIfExists(file(cookie));
        } catch (LinuxException refusal) {
            LOG.log(Level.WARNING, "reuseport sysctl=kept reason={0}", refusal.getMessage());
        } catch (IOException failure) {
            throw new UncheckedIOException("can't remove " + file(cookie), failure);
        }
    }

    private Path file(long cookie) {
        return folder.resolve("migrate-" + Long.toUnsignedString(cookie));
    }
}
