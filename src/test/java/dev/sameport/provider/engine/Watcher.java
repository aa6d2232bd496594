package dev.sameport.provider.engine;

import dev.sameport.model.ProviderStatus;
import dev.sameport.model.Replica;
import dev.sameport.provider.Observation;
import dev.sameport.provider.Provider;
import dev.sameport.provider.Signal;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// Listens to a provider, and waits for what a test expects of it.
public final class Watcher implements Provider.Listener {
    private static final long DEADLINE_SECONDS = 30;

    private final Provider provider;
    public final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    public final AtomicInteger pokes = new AtomicInteger();

    public Watcher(Provider provider) {
        this.provider = provider;
        provider.start(this);
    }

    @Override
    public void changed() {
        pokes.incrementAndGet();
    }

    @Override
    public void signal(Signal signal) {
        signals.add(signal);
    }

    /// The next signal.
    public Signal next() throws InterruptedException {
        Signal signal = signals.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (signal == null) {
            throw new AssertionError("no signal within " + DEADLINE_SECONDS + " s");
        }
        return signal;
    }

    /// Waits for a complete observation.
    public List<Replica> until(Predicate<List<Replica>> expected) {
        await(
                "an observation; the last is " + provider.observe(),
                () ->
                        provider.observe() instanceof Observation.Complete complete
                                && expected.test(complete.replicas()));
        return ((Observation.Complete) provider.observe()).replicas();
    }

    /// Waits until exactly these are seen.
    public List<Replica> untilNames(String... names) {
        return until(seen -> seen.stream().map(Replica::name).toList().equals(List.of(names)));
    }

    public Observation.Failed untilFailed() {
        await(
                "a failure",
                () -> provider.observe() instanceof Observation.Failed && provider.looked());
        return (Observation.Failed) provider.observe();
    }

    public ProviderStatus untilStatus(Predicate<ProviderStatus> expected) {
        await("a status", () -> expected.test(provider.status()));
        return provider.status();
    }

    public static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(what + ": not within " + DEADLINE_SECONDS + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
