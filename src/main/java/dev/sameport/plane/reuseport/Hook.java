package dev.sameport.plane.reuseport;

import dev.sameport.linux.BpfFileSystem;
import dev.sameport.linux.BpfRefusedException;
import dev.sameport.linux.ControlGroups;
import dev.sameport.linux.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The program at bind(2), there as long as anything is shared: a machine without sandboxes is not
/// touched. One thread at a time.
final class Hook implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Hook.class.getName());
    private static final String BIND = "bind";
    private static final int NO_ENTRY = 2;

    private final Path folder;
    private @Nullable SharedBind bind;
    private @Nullable String refusal;

    /// @param folder where a bpf file system of our own is mounted
    Hook(Path folder) {
        this.folder = folder;
    }

    /// The program in force, attached now if it was not; null where that can't be, and then
    /// [#refusal] says why.
    @Nullable SharedBind attached() {
        if (bind == null && refusal == null) {
            try {
                bind = SharedBind.open(cgroup(), mounted(folder).resolve(BIND));
            } catch (BpfRefusedException refused) {
                LOG.log(Level.DEBUG, "reuseport verifier={0}", refused.log());
                refusal = String.valueOf(refused.getMessage());
            } catch (LinuxException refused) {
                refusal = String.valueOf(refused.getMessage());
            }
        }
        return bind;
    }

    /// Why there is no program; null where there is one, or none was needed yet.
    @Nullable String refusal() {
        return refusal;
    }

    private static Path cgroup() {
        return ControlGroups.root()
                .orElseThrow(() ->
                        new LinuxException(
                                "find the cgroup v2 hierarchy",
                                NO_ENTRY,
                                "it is mounted nowhere; mount it at /sys/fs/cgroup/unified"));
    }

    /// The folder, with a bpf file system mounted there.
    static Path mounted(Path folder) {
        try {
            Files.createDirectories(folder);
            BpfFileSystem.mount(folder);
            Files.createDirectories(folder.resolve(BIND));
            return folder;
        } catch (IOException failure) {
            throw new UncheckedIOException("can't make " + folder, failure);
        }
    }

    /// Takes the program off: nothing is shared any more.
    void detach() {
        close();
        remove(folder);
    }

    /// Takes off what any daemon attached with this folder.
    static void remove(Path folder) {
        if (BpfFileSystem.isOne(folder)) {
            SharedBind.remove(folder.resolve(BIND));
            try {
                Files.deleteIfExists(folder.resolve(BIND));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /// Lets go; the program stays in force.
    @Override
    public void close() {
        if (bind != null) {
            bind.close();
            bind = null;
        }
    }
}
