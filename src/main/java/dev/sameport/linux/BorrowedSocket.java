package dev.sameport.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A copy of another process's socket, for as short as possible: while it is open here, a listener
/// whose process has died still takes connections.
///
/// Takes CAP_SYS_PTRACE (pidfd_getfd(2), Linux 5.6).
public final class BorrowedSocket implements AutoCloseable {
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEPORT = 15;
    private static final int SO_DETACH_REUSEPORT_BPF = 68;
    private static final int SO_ATTACH_REUSEPORT_EBPF = 52;

    private final Descriptor descriptor;
    private final String what;

    private BorrowedSocket(Descriptor descriptor, String what) {
        this.descriptor = descriptor;
        this.what = what;
    }

    /// The socket with this inode, of a process that has it open; empty where the process is gone
    /// or has closed it.
    public static Optional<BorrowedSocket> of(int pid, long inode) {
        String target = "socket:[" + inode + "]";
        Optional<Integer> number = numberOf(pid, target);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        long process = SystemCall.PIDFD_OPEN.call(pid, 0);
        if (Errno.ESRCH.is(process)) {
            return Optional.empty();
        }
        try (Descriptor handle = Descriptor.of("open process " + pid, process)) {
            long copy = SystemCall.PIDFD_GETFD.call(handle.number(), number.get(), 0);
            if (Errno.EBADF.is(copy) || Errno.ESRCH.is(copy)) {
                return Optional.empty();
            }
            Descriptor borrowed = Descriptor.of("borrow " + target + " of process " + pid, copy);
            return keptIfSame(borrowed, target, pid);
        }
    }

    /// The number may have become another file's meanwhile.
    private static Optional<BorrowedSocket> keptIfSame(
            Descriptor borrowed, String target, int pid) {
        Path own = Path.of("/proc/self/fd/" + borrowed.number());
        if (linksTo(own, target)) {
            return Optional.of(new BorrowedSocket(borrowed, target + " of process " + pid));
        }
        borrowed.close();
        return Optional.empty();
    }

    private static Optional<Integer> numberOf(int pid, String target) {
        try (DirectoryStream<Path> open =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : open) {
                if (linksTo(descriptor, target)) {
                    return Optional.of(Integer.valueOf(descriptor.getFileName().toString()));
                }
            }
            return Optional.empty();
        } catch (IOException | DirectoryIteratorException _) {
            return Optional.empty(); // It ended meanwhile.
        }
    }

    private static boolean linksTo(Path descriptor, String target) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(target);
        } catch (IOException _) {
            return false;
        }
    }

    /// Whether it has SO_REUSEPORT.
    public boolean sharesPort() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            LinuxException.orThrow(
                    "look at " + what,
                    SystemCall.GETSOCKOPT.call(
                            descriptor.number(),
                            SOL_SOCKET,
                            SO_REUSEPORT,
                            value.address(),
                            length.address()));
            return value.get(ValueLayout.JAVA_INT, 0) != 0;
        }
    }

    /// Switches SO_REUSEPORT on. A socket that listens already lets others of the same user listen
    /// beside it from then on, and is in a group with the first that does.
    public void share() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment on = arena.allocateFrom(ValueLayout.JAVA_INT, 1);
            LinuxException.orThrow(
                    "switch SO_REUSEPORT on for " + what,
                    SystemCall.SETSOCKOPT.call(
                            descriptor.number(),
                            SOL_SOCKET,
                            SO_REUSEPORT,
                            on.address(),
                            Integer.BYTES));
        }
    }

    /// Makes a program choose among all sockets of its group.
    public void choose(BpfProgram program) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(ValueLayout.JAVA_INT, program.descriptor());
            LinuxException.orThrow(
                    "attach the program " + program.name() + " to " + what,
                    SystemCall.SETSOCKOPT.call(
                            descriptor.number(),
                            SOL_SOCKET,
                            SO_ATTACH_REUSEPORT_EBPF,
                            number.address(),
                            Integer.BYTES));
        }
    }

    /// Lets the kernel choose again among all sockets of its group; does nothing where it does.
    public void unchoose() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment unused = arena.allocateFrom(ValueLayout.JAVA_INT, 0);
            long result =
                    SystemCall.SETSOCKOPT.call(
                            descriptor.number(),
                            SOL_SOCKET,
                            SO_DETACH_REUSEPORT_BPF,
                            unused.address(),
                            Integer.BYTES);
            // ENOENT: there is no program; EINVAL: it shares nothing, so there can't be one.
            if (!Errno.ENOENT.is(result) && !Errno.EINVAL.is(result)) {
                LinuxException.orThrow("detach the program from " + what, result);
            }
        }
    }

    /// Puts it into a map of sockets, in which it stays until its owner closes it.
    public void into(BpfMap sockets, byte[] key) {
        sockets.put(
                key,
                java.nio.ByteBuffer.allocate(Long.BYTES)
                        .order(java.nio.ByteOrder.nativeOrder())
                        .putLong(descriptor.number())
                        .array());
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
