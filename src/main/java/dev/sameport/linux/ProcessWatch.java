package dev.sameport.linux;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Tells within a millisecond when processes end, by their pidfds (pidfd_open(2), Linux 5.3).
///
/// Children or not doesn't matter, and no privilege is needed. A process has ended when it is a
/// zombie.
public final class ProcessWatch implements AutoCloseable {
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int CONTROL_ADD = 1;
    private static final long WAKE_KEY = 0;

    private final Descriptor epoll =
            Descriptor.of("epoll_create1", SystemCall.EPOLL_CREATE1.call(EPOLL_CLOEXEC));
    private final Descriptor wake = Descriptor.event();
    private final AtomicLong lastKey = new AtomicLong(WAKE_KEY);
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private final Queue<Watched> alreadyGone = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    // A platform thread: the wait in epoll_pwait(2) would pin the carrier of a virtual one.
    private final Thread thread =
            Thread.ofPlatform().daemon().name("process-watch").unstarted(this::run);

    private ProcessWatch() {}

    /// Starts the thread that waits and calls.
    public static ProcessWatch start() {
        ProcessWatch watch = new ProcessWatch();
        watch.add(watch.wake.number(), WAKE_KEY);
        watch.thread.start();
        return watch;
    }

    /// A process that is watched until it ends or this is closed.
    public interface Registration extends AutoCloseable {
        /// The process id.
        int pid();

        /// Ends the watch; a call that has begun goes on.
        @Override
        void close();
    }

    /// Calls `onExit` once, on the watch's own thread, which it shouldn't keep long, when the
    /// process ends; at once, when there is none. What it throws goes to the thread's
    /// uncaught-exception handler.
    ///
    /// @param pid a process, not one of its further threads
    /// @throws LinuxException when the process can't be watched (ENOSYS before Linux 5.3, EMFILE)
    /// @throws IllegalStateException when the watch is closed
    public Registration watch(int pid, Runnable onExit) {
        if (pid <= 0) {
            throw new IllegalArgumentException("process id " + pid + " is not positive");
        }
        if (closed.get()) {
            throw new IllegalStateException("the process watch is closed");
        }
        long result = SystemCall.PIDFD_OPEN.call(pid, 0);
        long key = lastKey.incrementAndGet();
        if (Errno.ESRCH.is(result)) {
            Watched gone = new Watched(pid, onExit, key, null);
            alreadyGone.add(gone);
            wake.signal();
            return gone;
        }
        Descriptor pidfd = Descriptor.of("pidfd_open " + pid, result);
        Watched running = new Watched(pid, onExit, key, pidfd);
        watched.put(key, running);
        try {
            add(pidfd.number(), key);
            return running;
        } catch (RuntimeException failure) {
            running.close();
            throw failure;
        }
    }

    private void run() {
        // Where it isn't allowed, it only takes longer.
        boolean _ = ThreadPriority.raise();
        try (Arena arena = Arena.ofConfined()) {
            EpollEvents events = new EpollEvents(arena, 64);
            while (!closed.get()) {
                int count = events.await(epoll);
                for (int i = 0; i < count; i++) {
                    ready(events.key(i));
                }
            }
        } finally {
            stopped.countDown();
        }
    }

    private void ready(long key) {
        if (key == WAKE_KEY) {
            wake.clearSignals();
            for (Watched gone = alreadyGone.poll(); gone != null; gone = alreadyGone.poll()) {
                gone.fire();
            }
            return;
        }
        Watched ended = watched.get(key);
        if (ended != null) {
            ended.fire();
        }
    }

    private void add(int number, long key) {
        try (Arena arena = Arena.ofConfined()) {
            EpollEvents event = new EpollEvents(arena, 1);
            event.setReadable(key);
            LinuxException.orThrow(
                    "epoll_ctl",
                    SystemCall.EPOLL_CTL.call(
                            epoll.number(), CONTROL_ADD, number, event.address()));
        }
    }

    /// Ends the thread and all watches, without calling any.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (Thread.currentThread() != thread) {
            wake.signal();
            Uninterrupted.await(stopped);
        }
        watched.values().forEach(Watched::close);
        epoll.close();
        wake.close();
    }

    private final class Watched implements Registration {
        final int pid;
        final Runnable onExit;
        final long key;
        final @Nullable Descriptor pidfd; // null of a process that had ended before
        final AtomicBoolean done = new AtomicBoolean();

        Watched(int pid, Runnable onExit, long key, @Nullable Descriptor pidfd) {
            this.pid = pid;
            this.onExit = onExit;
            this.key = key;
            this.pidfd = pidfd;
        }

        void fire() {
            if (!finish()) {
                return;
            }
            try {
                onExit.run();
            } catch (RuntimeException failure) {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
            }
        }

        /// Gives up the pidfd, which leaves the epoll set with that; false if that was done before.
        private boolean finish() {
            boolean first = done.compareAndSet(false, true);
            if (first) {
                watched.remove(key);
                if (pidfd != null) {
                    pidfd.close();
                }
            }
            return first;
        }

        @Override
        public int pid() {
            return pid;
        }

        @Override
        public void close() {
            boolean _ = finish();
        }
    }
}
