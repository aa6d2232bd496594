package dev.sameport.reconcile;

import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Phase;
import dev.sameport.model.PortSpec;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.ServiceSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Decides phases, who serves, and what happens to a new connection, from the specs, the memory and
/// the clock. Pure: one object decides one pass.
public final class Planner {
    private final Memory memory;
    private final Instant now;
    private final Map<EndpointId, EndpointState> states = new HashMap<>();
    private final Map<PortKey, PortMemory> ports = new HashMap<>();
    private @Nullable Instant deadline;

    private Planner(Memory memory, Instant now) {
        this.memory = memory;
        this.now = now;
    }

    /// The plan for `specs` at `now`.
    public static Plan plan(List<ServiceSpec> specs, Memory memory, Instant now) {
        Planner planner = new Planner(memory, now);
        List<Service> services = new ArrayList<>();
        for (ServiceSpec spec : specs) {
            services.add(planner.service(spec));
        }
        services.addAll(planner.held());
        services.sort(Comparator.comparing(Service::name));
        return new Plan(services, planner.remembered(specs), planner.deadline);
    }

    private Service service(ServiceSpec spec) {
        List<ServicePort> planned = new ArrayList<>();
        for (PortSpec port : spec.ports()) {
            planned.add(port(spec, port));
        }
        return new Service(spec.name(), planned, spec.policies());
    }

    private ServicePort port(ServiceSpec service, PortSpec port) {
        List<EndpointState> current = port.endpoints().stream().map(this::state).toList();
        boolean anyReady = false;
        boolean anyTried = false;
        for (int i = 0; i < current.size(); i++) {
            boolean ready = ready(current.get(i), port.endpoints().get(i));
            anyReady |= ready;
            anyTried |= ready && !current.get(i).trying();
        }
        boolean lastResort = !anyReady && !service.policies().health().strict();
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < current.size(); i++) {
            EndpointSpec spec = port.endpoints().get(i);
            EndpointState state = current.get(i);
            // Until it is known whether the kernel's rules reach it, it would take the port from
            // the kernel; those who wait for any endpoint needn't wait for that.
            boolean ready = ready(state, spec) && !(state.trying() && anyTried);
            boolean serving = ready || (lastResort && lastResort(state, spec));
            endpoints.add(
                    new Endpoint(spec, shown(state), state.accepting(), serving, state.natWorks()));
        }
        boolean empty = endpoints.stream().noneMatch(Endpoint::serving);
        PortMemory remembered = remember(service, port, empty, endpoints.isEmpty());
        return new ServicePort(
                port.published(),
                endpoints,
                intake(remembered),
                port.heldBySandbox(),
                port.serverNames());
    }

    /// It has joined only when all who are to reach it can.
    private static Phase shown(EndpointState state) {
        return state.trying() && state.phase() == Phase.READY ? Phase.STARTING : state.phase();
    }

    private static boolean ready(EndpointState state, EndpointSpec spec) {
        return state.phase() == Phase.READY && spec.weight().value() > 0;
    }

    /// While none is healthy, those that accept connections serve.
    private static boolean lastResort(EndpointState state, EndpointSpec spec) {
        return state.accepting()
                && spec.weight().value() > 0
                && (state.phase() == Phase.UNHEALTHY || state.phase() == Phase.STARTING);
    }

    private EndpointState state(EndpointSpec spec) {
        EndpointState known = states.get(spec.id());
        if (known != null) {
            return known;
        }
        EndpointState next = Lifecycle.next(signalled(current(spec), spec), spec, now);
        states.put(spec.id(), next);
        if (next.phase() == Phase.DRAINING) {
            wakeAt(Lifecycle.drainingUntil(next, spec.replica()));
        }
        return next;
    }

    private EndpointState current(EndpointSpec spec) {
        Instant run = run(spec);
        EndpointState remembered = memory.endpoints().get(spec.id());
        if (remembered != null && remembered.run().equals(run)) {
            return remembered;
        }
        boolean adopted =
                spec.addresses().all().stream()
                        .anyMatch(address ->
                                memory.adopted()
                                        .contains(
                                                new Memory.Adopted(
                                                        spec.id().replica(), run, address)));
        return remembered == null && adopted
                ? EndpointState.adopted(run)
                : EndpointState.fresh(run);
    }

    private static Instant run(EndpointSpec spec) {
        Replica replica = spec.replica();
        return replica == null ? Instant.EPOCH : replica.startedAt();
    }

    /// Who owns the namespace takes its guests along.
    private EndpointState signalled(EndpointState state, EndpointSpec spec) {
        EndpointState result = signalled(state, spec, spec.id().replica(), state.run());
        Sandbox sandbox = spec.sandbox();
        Replica owner = sandbox == null ? null : sandbox.owner();
        return owner == null ? result : signalled(result, spec, owner.id(), owner.startedAt());
    }

    /// @param run that of `replica`: a guest's own began later than its host's
    private EndpointState signalled(
            EndpointState state, EndpointSpec spec, ReplicaId replica, Instant run) {
        EndpointState result = state;
        if (happenedIn(run, memory.deaths().get(replica))) {
            result = result.died();
        }
        Instant stop = memory.stops().get(replica);
        // A stop that was ignored for longer than its grace is over: next() clears it, and it must
        // not come back.
        if (happenedIn(run, stop) && !expired(stop, spec)) {
            result = result.stopping(stop);
        }
        return result;
    }

    private static boolean happenedIn(Instant run, @Nullable Instant at) {
        return at != null && !at.isBefore(run);
    }

    private boolean expired(@Nullable Instant stop, EndpointSpec spec) {
        Replica replica = spec.replica();
        return stop == null
                || replica == null
                || !now.isBefore(stop.plus(replica.stop().timeout()).plus(Lifecycle.STOP_GRACE));
    }

    private PortMemory remember(
            ServiceSpec service, PortSpec port, boolean empty, boolean without) {
        PortKey key = PortKey.of(port.published(), service.name(), port.serverNames());
        PortMemory before = memory.ports().get(key);
        Instant since = null;
        if (empty) {
            since = before != null && before.emptySince() != null ? before.emptySince() : now;
            if (before == null && without) {
                // There never was an endpoint, so there is no successor to wait for.
                since = Instant.EPOCH;
            }
        }
        PortMemory after =
                new PortMemory(
                        service.name(),
                        service.policies(),
                        since,
                        service.permanent(),
                        port.heldBySandbox(),
                        port.serverNames());
        ports.put(key, after);
        return after;
    }

    private Intake intake(PortMemory port) {
        Instant until = port.heldUntil();
        if (until == null) {
            return Intake.SERVE;
        }
        if (now.isBefore(until)) {
            wakeAt(until);
            return Intake.HOLD;
        }
        return Intake.REFUSE;
    }

    /// Ports whose service has just vanished: new connections wait for a successor, then the port
    /// is given back.
    private List<Service> held() {
        Map<PortKey, PortMemory> held = new TreeMap<>();
        memory.ports()
                .forEach((key, before) -> {
                    if (!before.permanent()
                            && !before.heldBySandbox()
                            && ports.keySet().stream().noneMatch(key::excludes)) {
                        held.put(key, vanished(key, before));
                    }
                });
        List<Service> services = new ArrayList<>();
        held.forEach((key, port) -> {
            boolean nameless = key.sharer() != null && port.serverNames().isEmpty();
            if (!nameless && intake(port) == Intake.HOLD) {
                ports.put(key, port);
                services.add(holding(key.published(), port));
            }
        });
        return services;
    }

    private PortMemory vanished(PortKey key, PortMemory before) {
        return new PortMemory(
                before.service(),
                before.policies(),
                before.emptySince() == null ? now : before.emptySince(),
                false,
                false,
                before.serverNames().stream().filter(name -> !taken(key, name)).toList());
    }

    /// Whether another service has the name by now.
    private boolean taken(PortKey key, String serverName) {
        return ports.entrySet().stream()
                .anyMatch(port ->
                        port.getKey().published().equals(key.published())
                                && port.getValue().serverNames().contains(serverName));
    }

    private static Service holding(PublishedPort published, PortMemory port) {
        ServicePort empty =
                new ServicePort(published, List.of(), Intake.HOLD, false, port.serverNames());
        return new Service(port.service(), List.of(empty), port.policies());
    }

    private Memory remembered(List<ServiceSpec> specs) {
        Set<ReplicaId> replicas = new HashSet<>();
        for (ServiceSpec spec : specs) {
            for (PortSpec port : spec.ports()) {
                port.endpoints().forEach(endpoint -> replicas.add(endpoint.id().replica()));
                port.sandboxes().stream()
                        .map(shared -> shared.sandbox().owner())
                        .filter(Objects::nonNull)
                        .forEach(owner -> replicas.add(owner.id()));
            }
        }
        return new Memory(
                Map.copyOf(states),
                Map.copyOf(ports),
                kept(memory.stops(), replicas),
                kept(memory.deaths(), replicas),
                memory.adopted());
    }

    private static Map<ReplicaId, Instant> kept(
            Map<ReplicaId, Instant> signals, Set<ReplicaId> replicas) {
        Map<ReplicaId, Instant> kept = new HashMap<>(signals);
        kept.keySet().retainAll(replicas);
        return Map.copyOf(kept);
    }

    private void wakeAt(@Nullable Instant at) {
        if (at != null && (deadline == null || at.isBefore(deadline))) {
            deadline = at;
        }
    }
}
