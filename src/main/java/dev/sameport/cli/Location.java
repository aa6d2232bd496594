package dev.sameport.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the daemon keeps its run files and its state.
public final class Location {
    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description =
                    "Run files: control socket, lock, journal. Default: /run/sameport as root, else $XDG_RUNTIME_DIR/sameport, or sameport-UID in the temporary folder; or $SAMEPORT_RUN_DIR.")
    @Nullable Path run;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description =
                    "State over reboots: claims, published services. Default: /var/lib/sameport as root, else ~/.local/state/sameport; or $SAMEPORT_STATE_DIR.")
    @Nullable Path state;

    /// The run directory in force.
    public Path runDirectory() {
        return run != null ? run : runDirectory(System.getenv());
    }

    /// Whether nobody chose another run directory.
    boolean isUsual() {
        return runDirectory().equals(runDirectory(Map.of()));
    }

    static Path runDirectory(Map<String, String> environment) {
        String own = environment.get("SAMEPORT_RUN_DIR");
        if (own != null && !own.isEmpty()) {
            return Path.of(own);
        }
        if (root()) {
            return Path.of("/run/sameport");
        }
        String runtime = environment.get("XDG_RUNTIME_DIR");
        return runtime == null || runtime.isEmpty()
                // With the number, so that users of one machine don't stand in each other's way.
                ? Path.of(System.getProperty("java.io.tmpdir"), "sameport-" + user())
                : Path.of(runtime, "sameport");
    }

    /// The state directory in force.
    public Path stateDirectory() {
        return state != null ? state : stateDirectory(System.getenv());
    }

    static Path stateDirectory(Map<String, String> environment) {
        String own = environment.get("SAMEPORT_STATE_DIR");
        if (own != null && !own.isEmpty()) {
            return Path.of(own);
        }
        String home = environment.get("XDG_STATE_HOME");
        if (root()) {
            return Path.of("/var/lib/sameport");
        }
        return home == null || home.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".local/state/sameport")
                : Path.of(home, "sameport");
    }

    /// The control socket.
    Path socket() {
        return runDirectory().resolve("admin.sock");
    }

    /// Whether this process is root.
    static boolean root() {
        return user() == 0;
    }

    /// This process's user number: who owns its own files in /proc says so.
    private static int user() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException("can't look at /proc/self", e);
        }
    }
}
