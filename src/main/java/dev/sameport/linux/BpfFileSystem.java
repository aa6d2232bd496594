package dev.sameport.linux;

import dev.sameport.linux.BpfCall.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file system in which programs, maps and links are kept by name: a folder of the machine's
/// own, or one that is mounted for us alone.
public final class BpfFileSystem {
    private static final int MS_NOSUID = 2;
    private static final int MS_NODEV = 4;
    private static final int MS_NOEXEC = 8;

    private BpfFileSystem() {}

    /// Mounts one at a folder that is there, unless it is one already. Takes CAP_SYS_ADMIN.
    ///
    /// @return whether it was mounted now
    public static boolean mount(Path folder) {
        if (isOne(folder)) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            long type = arena.allocateFrom("bpf").address();
            long source = arena.allocateFrom("sameport").address();
            long target = text(arena, folder);
            long options = arena.allocateFrom("mode=0700").address();
            LinuxException.orThrow(
                    "mount a bpf file system at " + folder,
                    SystemCall.MOUNT.call(
                            source, target, type, MS_NOSUID | MS_NODEV | MS_NOEXEC, options));
            return true;
        }
    }

    /// Unmounts what [#mount] mounted; what was pinned there and is nowhere else in use goes.
    public static void unmount(Path folder) {
        try (Arena arena = Arena.ofConfined()) {
            LinuxException.orThrow(
                    "unmount " + folder, SystemCall.UMOUNT2.call(text(arena, folder), 0));
        }
    }

    /// Whether a folder is in such a file system.
    public static boolean isOne(Path folder) {
        try {
            return Files.isDirectory(folder) && Files.getFileStore(folder).type().equals("bpf");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long text(Arena arena, Path path) {
        return arena.allocateFrom(path.toAbsolutePath().toString(), StandardCharsets.UTF_8)
                .address();
    }

    static void pin(Descriptor object, Path path) {
        try (BpfCall call = new BpfCall(Command.PIN)) {
            call.setText(0, path.toString()).set(8, object.number());
            call.callOrThrow("pin " + path);
        }
    }

    static Descriptor open(Path path) {
        try (BpfCall call = new BpfCall(Command.GET_PINNED)) {
            return Descriptor.of("open " + path, call.setText(0, path.toString()).call());
        }
    }
}
