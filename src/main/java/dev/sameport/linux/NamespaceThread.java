package dev.sameport.linux;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// One platform daemon thread that lives in a network namespace and does, in order, what callers
/// hand it.
///
/// Callers block until their work is done, an interrupt notwithstanding: half a transaction can't
/// be left.
final class NamespaceThread implements AutoCloseable {
    private final ExecutorService executor;

    private NamespaceThread(String name) {
        executor =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name(name).factory());
    }

    /// Starts a thread in `namespace`.
    ///
    /// @throws LinuxException when the namespace can't be entered (it takes CAP_SYS_ADMIN, if it
    ///   isn't the caller's)
    static NamespaceThread start(String name, NetworkNamespace namespace) {
        NamespaceThread thread = new NamespaceThread(name);
        try {
            thread.run(namespace::enter);
            return thread;
        } catch (RuntimeException failure) {
            thread.close();
            throw failure;
        }
    }

    void run(Runnable work) {
        var _ = get(Executors.callable(work, work));
    }

    /// Returns what `work` returned; it throws nothing checked.
    <T> T get(Callable<T> work) {
        return Uninterrupted.<T, RuntimeException>resultOf(executor.submit(work));
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
