package dev.sameport.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Locale;

/// A system call, by its number on x86-64 and on aarch64 (asm/unistd.h of each).
///
/// All go through one native handle, that of syscall(2): each further handle would cost start-up
/// time. Addresses are passed as numbers, so the caller keeps the arena of its segments open across
/// the call.
enum SystemCall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    IOCTL(16, 29),
    SOCKET(41, 198),
    SENDTO(44, 206),
    RECVFROM(45, 207),
    BIND(49, 200),
    GETSOCKNAME(51, 204),
    SETSOCKOPT(54, 208),
    GETSOCKOPT(55, 209),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    GETTID(186, 178),
    EPOLL_CTL(233, 21),
    OPENAT(257, 56),
    PPOLL(271, 73),
    UNSHARE(272, 97),
    EPOLL_PWAIT(281, 22),
    EVENTFD2(290, 19),
    EPOLL_CREATE1(291, 20),
    SETNS(308, 268),
    SCHED_SETATTR(314, 274),
    BPF(321, 280),
    PIDFD_OPEN(434, 434),
    PIDFD_GETFD(438, 438);

    private final int onX86;
    private final int onArm;

    SystemCall(int onX86, int onArm) {
        this.onX86 = onX86;
        this.onArm = onArm;
    }

    /// Calls with up to six arguments and returns the result, or minus the error number, as the
    /// kernel does.
    long call(long... arguments) {
        long[] six = Arrays.copyOf(arguments, 6);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Native.CALL_STATE);
            long number = Native.ON_ARM ? onArm : onX86;
            long result =
                    (long)
                            Native.SYSCALL.invokeExact(
                                    state, number, six[0], six[1], six[2], six[3], six[4], six[5]);
            // errno means something only after a failure.
            return result == -1 ? -(int) Native.ERRNO.get(state, 0L) : result;
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError("syscall(2) throws nothing", impossible);
        }
    }

    /// Calls again as long as a signal interrupts the call.
    long callThroughSignals(long... arguments) {
        long result = call(arguments);
        while (Errno.EINTR.is(result)) {
            result = call(arguments);
        }
        return result;
    }

    /// Whether this machine is a 64-bit ARM one; otherwise it is a 64-bit x86 one.
    static boolean onArm() {
        return Native.ON_ARM;
    }

    private static final class Native {
        static final boolean ON_ARM = isArm(System.getProperty("os.arch", ""));
        static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
        static final VarHandle ERRNO = CALL_STATE.varHandle(PathElement.groupElement("errno"));
        static final MethodHandle SYSCALL = syscall();

        private static MethodHandle syscall() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                            JAVA_LONG, JAVA_LONG),
                    Linker.Option.firstVariadicArg(1),
                    Linker.Option.captureCallState("errno"));
        }

        private static boolean isArm(String architecture) {
            return switch (architecture.toLowerCase(Locale.ROOT)) {
                case "amd64", "x86_64" -> false;
                case "aarch64", "arm64" -> true;
                default ->
                        throw new UnsupportedOperationException(
                                "the kernel's interfaces are known for amd64 and aarch64, not for "
                                        + architecture);
            };
        }
    }
}
