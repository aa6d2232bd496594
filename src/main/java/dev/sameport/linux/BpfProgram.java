package dev.sameport.linux;

import dev.sameport.linux.BpfCall.Command;
import dev.sameport.linux.bpf.Bytecode;
import dev.sameport.linux.bpf.Instruction;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A loaded eBPF program. It lives while someone has it open, it is attached, or it is pinned.
/// Takes CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN.
public final class BpfProgram implements AutoCloseable {

    /// What a program is for: its type and where it attaches, by the kernel's numbers.
    public enum Kind {
        /// Runs at bind(2) of an IPv4 socket; returning 1 lets it go on.
        BIND_IPV4(18, 8),
        /// The same for IPv6.
        BIND_IPV6(18, 9),
        /// Chooses the socket of a SO_REUSEPORT group for a new connection, and for one that waits
        /// at a listener that closes (Linux 5.14).
        REUSEPORT_SELECT_OR_MIGRATE(21, 40);

        private final int type;
        private final int attachment;

        Kind(int type, int attachment) {
            this.type = type;
            this.attachment = attachment;
        }

        int attachment() {
            return attachment;
        }
    }

    private static final int LOG_BYTES = 256 * 1024;

    /// Of `struct bpf_prog_info`: type, id.
    private static final int INFO_BYTES = 8;

    private final Descriptor descriptor;
    private final String name;

    private BpfProgram(Descriptor descriptor, String name) {
        this.descriptor = descriptor;
        this.name = name;
    }

    /// Lets the kernel verify and load a program.
    ///
    /// @param name at most 15 letters, digits, `_` and `.`
    /// @throws BpfRefusedException with the verifier's log, when it finds a fault
    /// @throws LinuxException for anything else
    public static BpfProgram load(Kind kind, String name, Bytecode program) {
        long result = load(kind, name, program, 0);
        if (result >= 0) {
            return new BpfProgram(Descriptor.of("load the program " + name, result), name);
        }
        try (BpfCall call = new BpfCall(Command.PROGRAM_LOAD)) {
            // Again, to hear why: a log costs time, so it is not asked for at first.
            MemorySegment log =
                    describe(call, kind, name, program).setBytes(32, new byte[LOG_BYTES]);
            call.set(24, 1).set(28, LOG_BYTES);
            long again = call.call();
            if (again >= 0) {
                return new BpfProgram(Descriptor.of("load the program " + name, again), name);
            }
            String told = log.getString(0);
            if (told.isBlank()) {
                LinuxException.orThrow("load the program " + name, again);
            }
            throw new BpfRefusedException(name, Errno.nameOf((int) -again), told);
        }
    }

    private static long load(Kind kind, String name, Bytecode program, int logLevel) {
        try (BpfCall call = new BpfCall(Command.PROGRAM_LOAD)) {
            return describe(call, kind, name, program).set(24, logLevel).call();
        }
    }

    private static BpfCall describe(BpfCall call, Kind kind, String name, Bytecode program) {
        byte[] bytes = program.encode();
        call.set(0, kind.type).set(4, bytes.length / Instruction.BYTES);
        call.setBytes(8, bytes);
        // The helpers that they call are open to programs under this licence only.
        return call.setText(16, "GPL").setName(48, name).set(68, kind.attachment);
    }

    /// The program that is pinned at `path`.
    ///
    /// @throws LinuxException with ENOENT where there is none
    public static BpfProgram pinnedAt(Path path) {
        return new BpfProgram(BpfFileSystem.open(path), String.valueOf(path.getFileName()));
    }

    /// The kernel's number of it, as bpftool shows.
    public int id() {
        try (BpfCall call = new BpfCall(Command.INFO)) {
            call.set(0, descriptor.number()).set(4, INFO_BYTES);
            MemorySegment info = call.setBytes(8, new byte[INFO_BYTES]);
            call.callOrThrow("look at the program " + name);
            return info.get(java.lang.foreign.ValueLayout.JAVA_INT, 4);
        }
    }

    /// Keeps it, beyond this process, as a file of a bpf file system.
    public void pin(Path path) {
        BpfFileSystem.pin(descriptor, path);
    }

    int descriptor() {
        return descriptor.number();
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
