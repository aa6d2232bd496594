package dev.sameport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An array of struct epoll_event (epoll_ctl(2)), which only x86-64 packs.
final class EpollEvents {
    private static final int READABLE = 1;
    private static final ValueLayout.OfLong KEY = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt EVENTS = ValueLayout.JAVA_INT_UNALIGNED;

    private final int keyOffset = SystemCall.onArm() ? 8 : 4;
    private final int stride = keyOffset + Long.BYTES;
    private final int capacity;
    private final MemorySegment events;

    EpollEvents(Arena arena, int capacity) {
        this.capacity = capacity;
        this.events = arena.allocate((long) capacity * stride, Long.BYTES);
    }

    /// Makes the first event one that asks for readability, under a key.
    void setReadable(long key) {
        events.set(EVENTS, 0, READABLE);
        events.set(KEY, keyOffset, key);
    }

    /// Waits for events without limit, and returns how many there are.
    int await(Descriptor epoll) {
        return (int)
                LinuxException.orThrow(
                        "epoll_pwait",
                        SystemCall.EPOLL_PWAIT.callThroughSignals(
                                epoll.number(), address(), capacity, -1, 0, Long.BYTES));
    }

    /// The key of an event that came.
    long key(int index) {
        return events.get(KEY, (long) index * stride + keyOffset);
    }

    long address() {
        return events.address();
    }
}
