package dev.sameport.provider.process;

import dev.sameport.model.Problem;
import dev.sameport.model.ProviderStatus;
import dev.sameport.model.ServiceName;
import dev.sameport.provider.Observation;
import dev.sameport.provider.Provider;
import dev.sameport.provider.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The provider of `sameport run`. All starts and stops happen on one thread, which lives as long
/// as the provider: the replicas die with it (PR_SET_PDEATHSIG looks at the thread that started
/// them).
public final class ProcessProvider implements Provider {
    private final Placement placement;
    private final Path logs;
    private final Sharing sharing;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("run").daemon(true).factory());

    // confined to `thread`
    private final TreeMap<ServiceName, Run> runs = new TreeMap<>();
    private final BitSet indexes = new BitSet();
    // replaced as a whole by `thread`
    private volatile Observation.Complete observation =
            new Observation.Complete("run", List.of(), List.of());
    private volatile @Nullable Listener listener;

    /// @param logs the directory that replicas' output goes to, one file each
    /// @param sharing for those that share one namespace
    public ProcessProvider(Placement placement, Path logs, Sharing sharing) {
        this.sharing = sharing;
        this.placement = placement;
        this.logs = logs;
    }

    /// Starts the replicas of `request`; a service of that name that runs already is refused.
    public void run(RunRequest request) {
        onThread(() -> {
            if (runs.containsKey(request.name())) {
                throw new IllegalStateException(
                        "service " + request.name() + " runs already; scale it, or stop it first");
            }
            Run run = new Run(request, this);
            runs.put(request.name(), run);
            try {
                run.scale(request.scale());
            } finally {
                if (run.isEmpty()) {
                    runs.remove(request.name());
                }
            }
        });
    }

    /// Changes the number of replicas; surplus ones drain, get SIGTERM and end.
    public void scale(ServiceName name, int replicas) {
        if (replicas < 0 || replicas > RunRequest.MAX_SCALE) {
            throw new IllegalArgumentException(
                    "scale " + replicas + " is outside 0–" + RunRequest.MAX_SCALE);
        }
        onThread(() -> existing(name).scale(replicas));
    }

    /// Ends all replicas of a service and forgets it.
    public void stop(ServiceName name) {
        onThread(() -> {
            existing(name).end();
            runs.remove(name);
        });
    }

    private Run existing(ServiceName name) {
        Run run = runs.get(name);
        if (run == null) {
            throw new IllegalStateException("no service " + name + " runs; see `sameport ls`");
        }
        return run;
    }

    private void onThread(Runnable work) {
        try {
            CompletableFuture.runAsync(work, thread).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while replicas were changed", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    Sharing sharing() {
        return sharing;
    }

    Placement placement() {
        return placement;
    }

    Path log(String replica) {
        return logs.resolve(replica + ".log");
    }

    int takeIndex() {
        int index = indexes.nextClearBit(1);
        if (index > placement.capacity()) {
            throw new IllegalStateException(
                    "no room for another replica: the subnet has "
                            + placement.capacity()
                            + " addresses; use a larger --run-subnet");
        }
        indexes.set(index);
        return index;
    }

    void giveBack(int index) {
        placement.remove(index);
        indexes.clear(index);
    }

    void later(long milliseconds, Runnable work) {
        if (!thread.isShutdown()) {
            var _ = thread.schedule(work, milliseconds, TimeUnit.MILLISECONDS);
        }
    }

    void tell(Signal signal) {
        Listener current = listener;
        if (current != null) {
            current.signal(signal);
        }
    }

    /// Publishes what runs now.
    void refresh() {
        List<dev.sameport.model.Replica> replicas = new ArrayList<>();
        runs.values().forEach(run -> replicas.addAll(run.replicas()));
        observation = new Observation.Complete("run", replicas, List.of());
        Listener current = listener;
        if (current != null) {
            current.changed();
        }
    }

    @Override
    public String name() {
        return "run";
    }

    @Override
    public void start(Listener listener) {
        this.listener = listener;
        onThread(placement::sweep);
    }

    @Override
    public Observation observe() {
        return observation;
    }

    @Override
    public boolean looked() {
        return true;
    }

    @Override
    public ProviderStatus status() {
        @Nullable Problem none = null;
        return new ProviderStatus(
                "run", "processes of this daemon", observation.replicas().size(), none);
    }

    /// Ends every replica at once.
    @Override
    public void close() {
        onThread(() -> {
            runs.values().forEach(Run::kill);
            runs.clear();
            placement.sweep();
        });
        thread.shutdown();
    }
}
