package dev.sameport.daemon;

import dev.sameport.linux.NftablesException;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Problem;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.nat.NatPlane;
import dev.sameport.plane.proxy.http.HttpReception;
import dev.sameport.plane.proxy.l4.Listeners;
import dev.sameport.plane.reuseport.ReuseportPlane;
import dev.sameport.reconcile.Planes;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The listener behind every port, and the nat plane in front of it where it can run. The order is
/// what loses nothing: bind, then rules, then close what is no longer wanted.
final class PlanesTogether implements Planes {
    private final Listeners listeners;
    private final HttpReception http;
    private final @Nullable NatPlane nat;
    private final @Nullable ReuseportPlane reuseport;
    private final String withoutNat;
    private final Log log;
    private final Consumer<Desired> applied;
    // confined to the loop's thread
    private volatile Map<InetSocketAddress, EndpointId> endpoints = Map.of();
    private volatile Set<EndpointId> members = Set.of();
    private @Nullable String failure;

    /// @param withoutNat why there is no nat plane, if there is none
    /// @param applied told of each applied state
    PlanesTogether(
            Listeners listeners,
            HttpReception http,
            @Nullable NatPlane nat,
            @Nullable ReuseportPlane reuseport,
            String withoutNat,
            Log log,
            Consumer<Desired> applied) {
        this.listeners = listeners;
        this.http = http;
        this.nat = nat;
        this.reuseport = reuseport;
        this.withoutNat = withoutNat;
        this.log = log;
        this.applied = applied;
    }

    @Override
    public Map<PublishedPort, PortStatus> apply(Desired desired) {
        long began = System.nanoTime();
        if (reuseport != null) {
            reuseport.apply(desired);
        }
        Desired ours = kept(desired, port -> !port.heldBySandbox());
        Map<PublishedPort, PortOutcome> bound = listeners.reserve(ours);
        long reserved = System.nanoTime();
        Map<PublishedPort, PortOutcome> rewritten = rewrite(onlyBound(ours, bound));
        long ruled = System.nanoTime();
        listeners.release(ours);
        remember(desired);
        applied.accept(desired);
        log.debug(
                "applied",
                "generation",
                desired.generation(),
                "began_us",
                began / 1_000,
                "bind_us",
                (reserved - began) / 1_000,
                "rules_us",
                (ruled - reserved) / 1_000,
                "rest_us",
                (System.nanoTime() - ruled) / 1_000);
        Map<PublishedPort, PortStatus> status = new HashMap<>();
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                PublishedPort published = port.published();
                status.put(
                        published,
                        port.heldBySandbox()
                                ? held(published)
                                : shared(
                                        port,
                                        status(
                                                published,
                                                bound.get(published),
                                                rewritten.get(published))));
            }
        }
        return status;
    }

    private static PortStatus held(PublishedPort published) {
        return new PortStatus(
                published,
                "reuseport",
                "its replicas, or their engine, hold the host's port themselves",
                null);
    }

    /// Behind the plane that brings connections to a sandbox, its replicas share them.
    private static PortStatus shared(ServicePort port, PortStatus status) {
        boolean sandboxed =
                port.endpoints().stream().anyMatch(endpoint -> endpoint.spec().sandbox() != null);
        if (!sandboxed || status.conflict() != null) {
            return status;
        }
        String reason =
                "behind "
                        + status.plane()
                        + (status.reason().isEmpty() ? "" : ": " + status.reason());
        return new PortStatus(status.published(), "reuseport", reason, null);
    }

    private static Desired onlyBound(Desired desired, Map<PublishedPort, PortOutcome> bound) {
        return kept(desired, port -> bound.get(port.published()) instanceof PortOutcome.Carried);
    }

    private static Desired kept(Desired desired, Predicate<ServicePort> which) {
        List<Service> services =
                desired.services().stream()
                        .map(service ->
                                new Service(
                                        service.name(),
                                        service.ports().stream().filter(which).toList(),
                                        service.policies()))
                        .toList();
        return new Desired(desired.generation(), services);
    }

    private Map<PublishedPort, PortOutcome> rewrite(Desired bound) {
        if (nat == null) {
            return Map.of();
        }
        try {
            Map<PublishedPort, PortOutcome> outcomes = nat.apply(bound);
            failure = null;
            return outcomes;
        } catch (NftablesException e) {
            if (!e.reason().equals(failure)) {
                log.warn("rules-refused", "reason", e.reason());
            }
            failure = e.reason();
            return Map.of();
        }
    }

    private PortStatus status(
            PublishedPort published, @Nullable PortOutcome bound, @Nullable PortOutcome rewritten) {
        if (bound instanceof PortOutcome.Conflict(Problem problem)) {
            return new PortStatus(published, "none", "", problem);
        }
        return switch (rewritten) {
            case PortOutcome.Carried _ -> new PortStatus(published, "nat", "", null);
            case PortOutcome.Declined(String reason) ->
                    new PortStatus(published, "proxy", reason, null);
            case PortOutcome.Conflict(Problem problem) ->
                    new PortStatus(published, "none", "", problem);
            case null ->
                    new PortStatus(
                            published,
                            "proxy",
                            failure == null ? withoutNat : "nft refused the rules: " + failure,
                            null);
        };
    }

    /// The nat plane counts by address; people ask by endpoint.
    private void remember(Desired desired) {
        Map<InetSocketAddress, EndpointId> byAddress = new HashMap<>();
        Set<EndpointId> shared = new HashSet<>();
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                for (Endpoint endpoint : port.endpoints()) {
                    if (endpoint.spec().sandbox() != null) {
                        shared.add(endpoint.id());
                        continue; // Its address is its siblings', too.
                    }
                    endpoint.spec()
                            .addresses()
                            .all()
                            .forEach(address -> byAddress.put(address, endpoint.id()));
                }
            }
        }
        endpoints = Map.copyOf(byAddress);
        members = Set.copyOf(shared);
    }

    @Override
    public List<Problem> problems() {
        List<Problem> all = new ArrayList<>(http.problems());
        if (reuseport != null) {
            all.addAll(reuseport.problems());
        }
        return all;
    }

    @Override
    public void repair() {
        if (nat == null) {
            return;
        }
        try {
            if (nat.repair()) {
                log.info("rules-repaired");
            }
        } catch (NftablesException e) {
            log.warn("rules-not-repaired", "reason", e.reason());
        }
    }

    @Override
    public Map<EndpointId, Long> connections() {
        Map<EndpointId, Long> total = new HashMap<>(listeners.connections());
        if (reuseport != null) {
            // Who of a sandbox got a connection, neither the listener nor the rules can tell.
            total.keySet().removeAll(members);
            total.putAll(reuseport.connections());
        }
        if (nat != null) {
            Map<InetSocketAddress, EndpointId> known = endpoints;
            nat.connections()
                    .forEach((address, count) -> {
                        EndpointId id = known.get(address);
                        if (id != null) {
                            total.merge(id, count, Long::sum);
                        }
                    });
        }
        return total;
    }
}
