package dev.sameport.daemon;

import dev.sameport.health.ProbeResult;
import dev.sameport.health.Probes;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.ProcessWatch;
import dev.sameport.linux.ThreadPriority;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.HealthPolicy;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import dev.sameport.model.SandboxPort;
import dev.sameport.model.ServiceSpec;
import dev.sameport.plane.nat.NatPlane;
import dev.sameport.plane.reuseport.ReuseportPlane;
import dev.sameport.plane.reuseport.Sighting;
import dev.sameport.provider.Signal;
import dev.sameport.reconcile.Probed;
import dev.sameport.reconcile.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks at endpoints between passes: probes them, tries whether a rewritten connection arrives,
/// and waits for the ends of their processes.
final class EndpointWatch implements Watch, AutoCloseable {
    private static final Duration TRIAL_TIMEOUT = Duration.ofMillis(500);

    private final Probes probes;
    private final @Nullable ProcessWatch processes;
    private final @Nullable NatPlane nat;
    private final @Nullable ReuseportPlane reuseport;
    private final Log log;
    private final Consumer<Probed> probed;
    private final Consumer<Signal> signals;

    /// What identifies one life of an endpoint: a restart is looked at afresh.
    private record Life(EndpointSpec spec, Instant run, HealthPolicy policy) {
        boolean same(Life other) {
            return run.equals(other.run)
                    && policy.equals(other.policy)
                    && spec.addresses().equals(other.spec.addresses())
                    && Objects.equals(spec.sandbox(), other.spec.sandbox())
                    && spec.reach().equals(other.spec.reach());
        }
    }

    // One after the other, as the plane does them anyway, and soon: an endpoint waits for it.
    private final ExecutorService trials =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("trials").factory());

    private record WatchedProcess(int pid, Instant run) {}

    // confined to the loop's thread
    private final Map<ReplicaId, WatchedProcess> watched = new HashMap<>();
    private final Map<ReplicaId, ProcessWatch.Registration> registrations = new HashMap<>();
    // those whose rules were tried, or are being
    private final Map<EndpointId, Life> tried = new ConcurrentHashMap<>();
    // written by the loop's thread; read by probes and trials to tell whether they still matter
    private final Map<EndpointId, Life> lives = new ConcurrentHashMap<>();

    EndpointWatch(
            Probes probes,
            @Nullable ProcessWatch processes,
            @Nullable NatPlane nat,
            @Nullable ReuseportPlane reuseport,
            Log log,
            Consumer<Probed> probed,
            Consumer<Signal> signals) {
        this.probes = probes;
        this.processes = processes;
        this.nat = nat;
        this.reuseport = reuseport;
        this.log = log;
        this.probed = probed;
        this.signals = signals;
        trials.execute(() -> {
            boolean _ = ThreadPriority.raise();
        });
    }

    @Override
    public void follow(List<ServiceSpec> specs) {
        Map<EndpointId, Life> wanted = new HashMap<>();
        Map<ReplicaId, Replica> replicas = new HashMap<>();
        for (ServiceSpec service : specs) {
            service.ports().stream()
                    .flatMap(port -> port.endpoints().stream())
                    .forEach(endpoint -> {
                        wanted.put(endpoint.id(), life(endpoint, service.policies().health()));
                        if (endpoint.replica() != null) {
                            replicas.put(endpoint.id().replica(), endpoint.replica());
                        }
                    });
        }
        List<SandboxPort> shared =
                specs.stream()
                        .flatMap(service -> service.ports().stream())
                        .flatMap(port -> port.sandboxes().stream())
                        .filter(EndpointWatch::lives)
                        .toList();
        for (SandboxPort port : shared) {
            Replica owner = port.sandbox().owner();
            if (owner != null) {
                replicas.put(owner.id(), owner);
            }
        }
        followProcesses(replicas);
        followEndpoints(wanted);
        if (reuseport != null) {
            reuseport.follow(Set.copyOf(shared), wanted.values().stream().map(Life::spec).toList());
        }
    }

    private static boolean lives(SandboxPort port) {
        Replica owner = port.sandbox().owner();
        return owner == null || owner.alive();
    }

    /// Whether the reuseport plane sees when it listens: a connection to the sandbox could be
    /// answered by any of its replicas.
    private boolean seenByPlane(EndpointSpec spec) {
        return reuseport != null && spec.sandbox() != null;
    }

    /// A replica of a sandbox began to listen, or ceased to.
    void sighted(Sighting sighting) {
        Life life = lives.get(sighting.member().id());
        if (life != null) {
            answered(life, sighting.listens(), sighting.listens());
        }
    }

    private static Life life(EndpointSpec endpoint, HealthPolicy policy) {
        Replica replica = endpoint.replica();
        return new Life(endpoint, replica == null ? Instant.EPOCH : replica.startedAt(), policy);
    }

    private void followEndpoints(Map<EndpointId, Life> wanted) {
        Set<EndpointId> gone = new HashSet<>(lives.keySet());
        gone.removeAll(wanted.keySet());
        for (EndpointId id : gone) {
            lives.remove(id);
            tried.remove(id);
            probes.unwatch(id);
            if (nat != null) {
                nat.forget(id);
            }
        }
        wanted.forEach((id, life) -> {
            Life known = lives.get(id);
            if (known == null || !known.same(life)) {
                lives.put(id, life);
                probes.unwatch(id);
                if (!seenByPlane(life.spec())) {
                    probes.watch(life.spec(), life.policy(), result -> probed(life, result));
                }
            }
        });
    }

    private void probed(Life life, ProbeResult result) {
        Boolean healthy = result.verdict(life.policy());
        if (healthy != null) {
            answered(life, result.accepted(), healthy);
        }
    }

    /// Called on an event loop: a trial blocks, so it goes elsewhere.
    private void answered(Life life, boolean accepts, boolean healthy) {
        Sandbox sandbox = life.spec().sandbox();
        boolean rewritten =
                life.spec().reach() instanceof Reach.OnBridge
                        && (sandbox == null || !sandbox.holdsPort());
        if (!accepts || nat == null || !rewritten) {
            report(new Probed(life.spec().id(), accepts, healthy, null, false), life);
            return;
        }
        Life before = tried.put(life.spec().id(), life);
        if (before == null || !before.same(life)) {
            // Who waits for any endpoint has waited long enough.
            report(new Probed(life.spec().id(), true, healthy, null, true), life);
        }
        trials.execute(() -> tryRules(life, healthy, nat));
    }

    private void tryRules(Life life, boolean healthy, NatPlane plane) {
        boolean works = false;
        try {
            works = trial(life, plane);
        } finally {
            report(new Probed(life.spec().id(), true, healthy, works, false), life);
        }
    }

    private boolean trial(Life life, NatPlane plane) {
        String reason = plane.tryEndpoint(life.spec(), TRIAL_TIMEOUT);
        if (reason != null) {
            log.warn("nat-trial-failed", "endpoint", life.spec().name(), "reason", reason);
        }
        return reason == null;
    }

    private void report(Probed found, Life life) {
        Life current = lives.get(life.spec().id());
        if (current != null && current.same(life)) {
            probed.accept(found);
        }
    }

    /// The topology or a firewall changed: whether rewritten connections arrive is tried again.
    void tryAgain() {
        for (Life life : lives.values()) {
            if (reuseport != null && life.spec().sandbox() != null) {
                reuseport.tellAgain(life.spec().id());
            } else if (life.spec().reach() instanceof Reach.OnBridge) {
                probes.expedite(life.spec().id());
            }
        }
    }

    private void followProcesses(Map<ReplicaId, Replica> replicas) {
        if (processes == null) {
            return;
        }
        Set<ReplicaId> gone = new HashSet<>(watched.keySet());
        gone.removeAll(replicas.keySet());
        gone.forEach(this::stopWatching);
        replicas.forEach((id, replica) ->
                replica.initPid()
                        .ifPresent(pid -> watch(id, new WatchedProcess(pid, replica.startedAt()))));
    }

    private void watch(ReplicaId id, WatchedProcess process) {
        if (process.equals(watched.get(id)) || processes == null) {
            return;
        }
        stopWatching(id);
        watched.put(id, process);
        try {
            // The run's own start stands for the moment of death: it is that run that died,
            // whatever the clocks say.
            registrations.put(
                    id,
                    processes.watch(
                            process.pid(),
                            () -> {
                                signals.accept(new Signal.Died(id, process.run()));
                                log.debug("process-ended", "replica", id, "pid", process.pid());
                            }));
        } catch (LinuxException e) {
            log.warn(
                    "process-not-watched",
                    "pid",
                    process.pid(),
                    "reason",
                    String.valueOf(e.getMessage()));
        }
    }

    private void stopWatching(ReplicaId id) {
        watched.remove(id);
        ProcessWatch.Registration registration = registrations.remove(id);
        if (registration != null) {
            registration.close();
        }
    }

    @Override
    public void close() {
        probes.close();
        trials.shutdownNow();
        if (processes != null) {
            processes.close();
        }
    }
}
