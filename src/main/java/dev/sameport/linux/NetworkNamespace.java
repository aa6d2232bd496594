package dev.sameport.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// A network namespace, kept in existence by an open file (network_namespaces(7)).
///
/// Sockets belong to the namespace of the thread that makes them: [#call] makes them here.
public final class NetworkNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int NS_GET_NSTYPE = 0xb703;
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_NETNS_COOKIE = 71;
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");

    private final Descriptor file;
    private final long inode;
    private final OptionalInt holderThread;
    private final CountDownLatch released;

    private NetworkNamespace(Descriptor file, OptionalInt holderThread, CountDownLatch released) {
        this.file = file;
        this.inode = inodeOf(Path.of("/proc/self/fd/" + file.number()));
        this.holderThread = holderThread;
        this.released = released;
    }

    /// The calling thread's own namespace.
    public static NetworkNamespace own() {
        return at(OWN);
    }

    /// The namespace of a running process; another user's takes CAP_SYS_PTRACE.
    ///
    /// @throws LinuxException with ENOENT when there is no such process, EACCES when it may not be
    ///   looked at
    public static NetworkNamespace ofProcess(int pid) {
        return at(fileOf(pid));
    }

    /// The namespace that a file stands for: one under `/proc/PID/ns/net` or `/run/netns`.
    ///
    /// @throws LinuxException with ENOENT where there is none, EINVAL for a file that isn't a
    ///   network namespace
    public static NetworkNamespace at(Path path) {
        Descriptor file = Descriptor.open(path.toString(), Descriptor.READ_ONLY);
        try {
            if (SystemCall.IOCTL.call(file.number(), NS_GET_NSTYPE) != CLONE_NEWNET) {
                throw new LinuxException("open " + path, Errno.EINVAL, "not a network namespace");
            }
            return new NetworkNamespace(file, OptionalInt.empty(), new CountDownLatch(0));
        } catch (RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    /// A new namespace without a name, held by a thread of this process: it vanishes with [#close]
    /// or with the process.
    ///
    /// Its `lo` is down. [#holderThread] is what `ip link set … netns TID` takes. Takes
    /// CAP_SYS_ADMIN.
    public static NetworkNamespace createAnonymous() {
        CountDownLatch released = new CountDownLatch(1);
        FutureTask<NetworkNamespace> made = new FutureTask<>(() -> unshare(released));
        Thread.ofPlatform()
                .daemon()
                .name("netns-holder")
                .start(() -> {
                    made.run();
                    Uninterrupted.await(released);
                });
        try {
            return Uninterrupted.<NetworkNamespace, RuntimeException>resultOf(made);
        } catch (RuntimeException failure) {
            released.countDown();
            throw failure;
        }
    }

    private static NetworkNamespace unshare(CountDownLatch released) {
        LinuxException.orThrow("unshare the network", SystemCall.UNSHARE.call(CLONE_NEWNET));
        int thread = (int) SystemCall.GETTID.call();
        Descriptor file = Descriptor.open(OWN.toString(), Descriptor.READ_ONLY);
        return new NetworkNamespace(file, OptionalInt.of(thread), released);
    }

    /// Something to do in a namespace.
    @FunctionalInterface
    public interface Work<T extends @Nullable Object, E extends Exception> {
        /// Does it.
        T call() throws E;
    }

    /// Does `work` on a fresh platform thread inside this namespace, and returns what it returned
    /// or throws what it threw.
    ///
    /// Sockets made by it (those of the JDK included), and processes and platform threads started
    /// by it, belong to this namespace; virtual threads that it starts do not. It isn't interrupted
    /// when the caller is.
    ///
    /// @throws LinuxException when the namespace can't be entered: it takes CAP_SYS_ADMIN, unless
    ///   it is the caller's own
    public <T extends @Nullable Object, E extends Exception> T call(Work<T, E> work) throws E {
        FutureTask<T> task =
                new FutureTask<>(() -> {
                    enter();
                    return work.call();
                });
        Thread.ofPlatform().daemon().name("netns-" + inode).start(task);
        return Uninterrupted.<T, E>resultOf(task);
    }

    /// Moves the calling thread, which must be a platform thread of this package's own, into this
    /// namespace.
    void enter() {
        if (isOwn()) {
            return; // So that no privilege is needed where nothing changes.
        }
        LinuxException.orThrow(
                "enter network namespace " + this,
                SystemCall.SETNS.call(file.number(), CLONE_NEWNET));
    }

    /// Tells whether both are the same namespace.
    public boolean sameAs(NetworkNamespace other) {
        return inode == other.inode;
    }

    /// Tells whether the calling thread is in this namespace.
    public boolean isOwn() {
        return inode == inodeOf(OWN);
    }

    /// The number by which the kernel tells namespaces apart, as in `net:[4026531840]`.
    public long inode() {
        return inode;
    }

    /// The number by which eBPF programs tell namespaces apart; never used again in this boot
    /// (Linux 5.14).
    public long cookie() {
        return call(NetworkNamespace::ownCookie);
    }

    private static long ownCookie() {
        try (Descriptor socket =
                        Descriptor.of(
                                "open a socket", SystemCall.SOCKET.call(AF_INET, SOCK_DGRAM, 0));
                Arena arena = Arena.ofConfined()) {
            MemorySegment cookie = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Long.BYTES);
            LinuxException.orThrow(
                    "read the namespace's cookie",
                    SystemCall.GETSOCKOPT.call(
                            socket.number(),
                            SOL_SOCKET,
                            SO_NETNS_COOKIE,
                            cookie.address(),
                            length.address()));
            return cookie.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /// The thread id that stands for this namespace in `ip link set … netns TID`, if
    /// [#createAnonymous] made it.
    public OptionalInt holderThread() {
        return holderThread;
    }

    /// A path by which other processes can open this namespace while it is open here (`nsenter
    /// --net=PATH`).
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + file.number());
    }

    @Override
    public void close() {
        file.close();
        released.countDown();
    }

    @Override
    public String toString() {
        return "net:[" + inode + "]";
    }

    /// The number of a process's namespace, without opening it.
    ///
    /// @throws LinuxException with ENOENT when there is no such process, EACCES when it may not be
    ///   looked at
    public static long inodeOfProcess(int pid) {
        return inodeOf(fileOf(pid));
    }

    private static Path fileOf(int pid) {
        if (pid <= 0) {
            throw new IllegalArgumentException("process id " + pid + " is not positive");
        }
        return Path.of("/proc/" + pid + "/ns/net");
    }

    private static long inodeOf(Path path) {
        try {
            return (long) Files.getAttribute(path, "unix:ino");
        } catch (NoSuchFileException _) {
            throw new LinuxException("stat " + path, Errno.ENOENT);
        } catch (AccessDeniedException _) {
            throw new LinuxException("stat " + path, Errno.EACCES);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
