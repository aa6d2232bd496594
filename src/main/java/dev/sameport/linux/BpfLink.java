package dev.sameport.linux;

import dev.sameport.linux.BpfCall.Command;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A program attached to a cgroup. The attachment ends when nobody has it open and its pin is gone.
public final class BpfLink implements AutoCloseable {
    /// More programs on one hook than this are not listed.
    private static final int MOST_PROGRAMS = 64;

    /// Of `struct bpf_link_info`: type, id, id of the program.
    private static final int INFO_BYTES = 12;

    private static final int PROGRAM = 8;

    private final Descriptor descriptor;

    private BpfLink(Descriptor descriptor) {
        this.descriptor = descriptor;
    }

    /// Attaches a program beside those that are there already; others' still run.
    ///
    /// @param cgroup a folder of the cgroup v2 hierarchy: its members and those below are meant
    public static BpfLink attach(BpfProgram program, Path cgroup, BpfProgram.Kind kind) {
        try (Descriptor folder = Descriptor.open(cgroup.toString(), Descriptor.READ_ONLY);
                BpfCall call = new BpfCall(Command.LINK_CREATE)) {
            call.set(0, program.descriptor()).set(4, folder.number()).set(8, kind.attachment());
            return new BpfLink(
                    Descriptor.of(
                            "attach the program " + program.name() + " to " + cgroup, call.call()));
        }
    }

    /// The attachment that is pinned at `path`.
    ///
    /// @throws LinuxException with ENOENT where there is none
    public static BpfLink pinnedAt(Path path) {
        return new BpfLink(BpfFileSystem.open(path));
    }

    /// Replaces the program in one step.
    public void update(BpfProgram program) {
        try (BpfCall call = new BpfCall(Command.LINK_UPDATE)) {
            call.set(0, descriptor.number()).set(4, program.descriptor());
            call.callOrThrow("replace by the program " + program.name());
        }
    }

    /// Takes the program off at once. When the last user of an attachment goes, the kernel does so
    /// as well, but a while later.
    public void detach() {
        try (BpfCall call = new BpfCall(Command.LINK_DETACH)) {
            call.set(0, descriptor.number());
            call.callOrThrow("detach a program");
        }
    }

    /// Keeps it, beyond this process, as a file of a bpf file system.
    public void pin(Path path) {
        BpfFileSystem.pin(descriptor, path);
    }

    /// The id of the program that it attaches.
    public int program() {
        try (BpfCall call = new BpfCall(Command.INFO)) {
            call.set(0, descriptor.number()).set(4, INFO_BYTES);
            MemorySegment info = call.setBytes(8, new byte[INFO_BYTES]);
            call.callOrThrow("look at an attachment");
            return info.get(ValueLayout.JAVA_INT, PROGRAM);
        }
    }

    /// The ids of the programs that are attached to a cgroup's hook, whoever attached them.
    public static List<Integer> attached(Path cgroup, BpfProgram.Kind kind) {
        try (Descriptor folder = Descriptor.open(cgroup.toString(), Descriptor.READ_ONLY);
                BpfCall call = new BpfCall(Command.ATTACHED)) {
            call.set(0, folder.number()).set(4, kind.attachment()).set(24, MOST_PROGRAMS);
            MemorySegment ids = call.setBytes(16, new byte[MOST_PROGRAMS * Integer.BYTES]);
            call.callOrThrow("list the programs of " + cgroup);
            List<Integer> found = new ArrayList<>();
            for (int i = 0; i < Math.min(call.get(24), MOST_PROGRAMS); i++) {
                found.add(ids.getAtIndex(ValueLayout.JAVA_INT, i));
            }
            return found;
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
