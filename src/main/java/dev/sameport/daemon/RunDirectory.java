package dev.sameport.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/// The folder of run files. Whoever may write there decides what the daemon undoes and adopts, so
/// it has to be the daemon's alone.
final class RunDirectory {
    private RunDirectory() {}

    /// Makes it where it is missing.
    ///
    /// @throws IllegalStateException where it is someone else's, or others may write there
    static void prepare(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        check(directory);
    }

    private static void check(Path directory) throws IOException {
        PosixFileAttributes found = Files.readAttributes(directory, PosixFileAttributes.class);
        int owner = (Integer) Files.getAttribute(directory, "unix:uid");
        int self = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (owner != self) {
            throw new IllegalStateException(
                    "run directory "
                            + directory
                            + " belongs to "
                            + found.owner().getName()
                            + "; choose another --run-dir");
        }
        if (found.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                || found.permissions().contains(PosixFilePermission.GROUP_WRITE)) {
            throw new IllegalStateException(
                    "others may write to run directory "
                            + directory
                            + "; take that from them (chmod go-w), or choose another --run-dir");
        }
    }
}
