package dev.sameport.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// The cgroup v2 hierarchy of this machine (cgroups(7)), be it the only one or beside those of v1.
public final class ControlGroups {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    private ControlGroups() {}

    /// Where its root is mounted; empty where it isn't.
    public static Optional<Path> root() {
        try {
            return Files.readAllLines(MOUNTS).stream()
                    .map(line -> line.split(" ", 4))
                    .filter(words -> words.length == 4 && words[2].equals("cgroup2"))
                    // Spaces are written as \040 there.
                    .map(words -> Path.of(words[1].replace("\\040", " ")))
                    .findFirst();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The path of a process's group below the root, such as `/` or `/system.slice/x.scope`; empty
    /// where the process is gone.
    public static Optional<String> pathOf(int pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/cgroup")).stream()
                    .filter(line -> line.startsWith("0::"))
                    .map(line -> line.substring(3))
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// The id of the group that a process is in; empty where that is the root, which it may share
    /// with any other, or can't be seen from here.
    public static OptionalLong ownGroupOf(int pid) {
        Path root = root().orElse(null);
        String path = pathOf(pid).orElse("/");
        // A group outside of our own cgroup namespace begins with /..
        if (root == null || path.equals("/") || path.startsWith("/..")) {
            return OptionalLong.empty();
        }
        Path group = root.resolve(path.substring(1));
        return Files.isDirectory(group) ? OptionalLong.of(idOf(group)) : OptionalLong.empty();
    }

    /// The kernel's id of a group, as `bpf_get_current_cgroup_id()` gives it: the inode of its
    /// folder.
    public static long idOf(Path group) {
        try {
            return (long) Files.getAttribute(group, "unix:ino");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
