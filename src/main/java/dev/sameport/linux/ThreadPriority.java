package dev.sameport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The scheduler's priority of single threads (sched(7)): Java's own priorities do nothing here.
public final class ThreadPriority {
    private static final int ATTRIBUTE_BYTES = 48;
    private static final int SCHED_OTHER = 0;
    private static final long RESET_ON_FORK = 1;
    private static final int HIGHEST = -20;
    private static final int LOWEST = 19;

    private ThreadPriority() {}

    /// Lets the calling platform thread go before the other work of the machine (nice value -20):
    /// for what is short and awaited. Threads and processes that it starts don't inherit that.
    ///
    /// @return whether the kernel allowed it: it takes CAP_SYS_NICE
    public static boolean raise() {
        return set(HIGHEST, RESET_ON_FORK);
    }

    /// Lets the calling platform thread go after all other work of the machine (nice value 19).
    /// What it starts inherits that.
    ///
    /// @return whether the kernel allowed it, as it always should
    public static boolean lower() {
        return set(LOWEST, 0);
    }

    private static boolean set(int nice, long flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
            attributes.set(JAVA_INT, 0, ATTRIBUTE_BYTES);
            attributes.set(JAVA_INT, 4, SCHED_OTHER);
            attributes.set(JAVA_LONG, 8, flags);
            attributes.set(JAVA_INT, 16, nice);
            return SystemCall.SCHED_SETATTR.call(0, attributes.address(), 0) == 0;
        }
    }
}
