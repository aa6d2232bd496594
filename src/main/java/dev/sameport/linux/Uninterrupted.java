package dev.sameport.linux;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Waiting that an interrupt doesn't cut short, for work of ours that can't be left half done; the
/// interrupt is kept.
final class Uninterrupted {
    private Uninterrupted() {}

    /// Waits for a result, or throws what the work threw; `E` is the only checked exception that it
    /// can throw.
    static <T extends @Nullable Object, E extends Exception> T resultOf(Future<T> work) throws E {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException _) {
                    interrupted = true;
                } catch (ExecutionException failure) {
                    throw Uninterrupted.<E>causeOf(failure);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static void await(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    // What is neither unchecked nor an error can only be an E, because the work throws nothing
    // else.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E causeOf(ExecutionException failure) {
        return switch (failure.getCause()) {
            case null -> throw new AssertionError(failure);
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            case Throwable exception -> (E) exception;
        };
    }
}
