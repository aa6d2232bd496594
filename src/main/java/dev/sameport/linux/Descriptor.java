package dev.sameport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/// An open file descriptor of ours, closed once.
final class Descriptor implements AutoCloseable {
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x80000;
    private static final int EFD_CLOEXEC = O_CLOEXEC;
    private static final int EFD_NONBLOCK = 0x800;

    static final int READ_ONLY = 0;
    static final int WRITE_ONLY = 1;

    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Descriptor(int number) {
        this.number = number;
    }

    /// Wraps the result of a system call that makes a descriptor, or throws if it failed.
    static Descriptor of(String operation, long result) {
        return new Descriptor((int) LinuxException.orThrow(operation, result));
    }

    /// Opens a file; `mode` is [#READ_ONLY] or [#WRITE_ONLY].
    static Descriptor open(String path, int mode) {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path, StandardCharsets.UTF_8).address();
            return of(
                    "open " + path,
                    SystemCall.OPENAT.callThroughSignals(AT_FDCWD, name, mode | O_CLOEXEC));
        }
    }

    /// Makes an eventfd: it polls readable from the first [#signal] on.
    static Descriptor event() {
        return of("eventfd2", SystemCall.EVENTFD2.call(0, EFD_CLOEXEC | EFD_NONBLOCK));
    }

    /// The number, for a system call.
    ///
    /// @throws IllegalStateException once closed, because the number may be another file's by then
    int number() {
        if (closed.get()) {
            throw new IllegalStateException("file descriptor " + number + " is closed");
        }
        return number;
    }

    /// Wakes whoever polls this eventfd.
    void signal() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
            LinuxException.orThrow(
                    "write eventfd", SystemCall.WRITE.call(number(), one.address(), Long.BYTES));
        }
    }

    /// Makes this eventfd wait for the next [#signal].
    void clearSignals() {
        try (Arena arena = Arena.ofConfined()) {
            long count = arena.allocate(ValueLayout.JAVA_LONG).address();
            long result = SystemCall.READ.call(number(), count, Long.BYTES);
            if (!Errno.EAGAIN.is(result)) {
                LinuxException.orThrow("read eventfd", result);
            }
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            // The descriptor is gone whatever close(2) answers; a second try could hit another's.
            var _ = SystemCall.CLOSE.call(number);
        }
    }
}
