package dev.sameport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A thread that receives the notifications of some netlink groups until it is closed.
final class NetlinkListener implements AutoCloseable {
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;
    private static final int RECEIVE_BUFFER = 4 << 20;

    /// What is told of notifications, on the listener's thread.
    interface Receiver {
        /// Some came.
        void received(List<NetlinkMessage> messages);

        /// Some were lost, because they came faster than they were read.
        void lost();
    }

    private final NetlinkSocket socket;
    private final Descriptor stop = Descriptor.event();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Receiver receiver;
    private final Thread thread;

    private NetlinkListener(String name, NetlinkSocket socket, Receiver receiver) {
        this.socket = socket;
        this.receiver = receiver;
        // A platform thread: the wait in ppoll(2) would pin the carrier of a virtual one.
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::listen);
    }

    /// Subscribes, in the calling thread's network namespace; what happens from here on is told.
    static NetlinkListener start(String name, int family, List<Integer> groups, Receiver receiver) {
        NetlinkSocket socket = NetlinkSocket.open(family);
        try {
            socket.setReceiveBuffer(RECEIVE_BUFFER);
            groups.forEach(socket::join);
            NetlinkListener listener = new NetlinkListener(name, socket, receiver);
            listener.thread.start();
            return listener;
        } catch (RuntimeException failure) {
            socket.close();
            throw failure;
        }
    }

    private void listen() {
        try {
            while (!closed.get() && awaitDatagram()) {
                deliver();
            }
        } finally {
            socket.close();
            stopped.countDown();
        }
    }

    /// Waits for a datagram; false when it is time to stop.
    private boolean awaitDatagram() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment polled = arena.allocate(2 * POLLFD_BYTES, Long.BYTES);
            polled.set(JAVA_INT, 0, socket.number());
            polled.set(JAVA_SHORT, 4, POLLIN);
            polled.set(JAVA_INT, POLLFD_BYTES, stop.number());
            polled.set(JAVA_SHORT, POLLFD_BYTES + 4, POLLIN);
            LinuxException.orThrow(
                    "poll netlink",
                    SystemCall.PPOLL.callThroughSignals(polled.address(), 2, 0, 0, Long.BYTES));
            return polled.get(JAVA_SHORT, POLLFD_BYTES + 6) == 0;
        }
    }

    private void deliver() {
        List<NetlinkMessage> messages;
        try {
            messages = NetlinkMessage.parse(socket.receive());
        } catch (LinuxException failure) {
            if (!failure.is(Errno.ENOBUFS) && !failure.is(Errno.EBADMSG)) {
                throw failure;
            }
            tell(receiver::lost);
            return;
        }
        tell(() -> receiver.received(messages));
    }

    /// A receiver that fails is reported, and goes on being told.
    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException failure) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }
    }

    /// Ends the thread; when this returns, nothing is told any more (unless the receiver itself
    /// closes).
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (Thread.currentThread() != thread) {
            stop.signal();
            Uninterrupted.await(stopped);
        }
        stop.close();
    }
}
