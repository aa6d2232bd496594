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
import dev.sameport.plane.proxy.l4.Listeners;
import dev.sameport.reconcile.Planes;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The listener behind every port, and the nat plane in front of it where it can run. The order is
/// what loses nothing: bind, then rules, then close what is no longer wanted.
final class PlanesTogether implements Planes {
    private final Listeners listeners;
    private final @Nullable NatPlane nat;
    private final String withoutNat;
    private final Log log;
    private final Consumer<Desired> applied;
    // confined to the loop's thread
    private volatile Map<InetSocketAddress, EndpointId> endpoints = Map.of();
    private @Nullable String failure;

    /// @param withoutNat why there is no nat plane, if there is none
    /// @param applied told of each applied state
    PlanesTogether(
            Listeners listeners,
            @Nullable NatPlane nat,
            String withoutNat,
            Log log,
            Consumer<Desired> applied) {
        this.listeners = listeners;
        this.nat = nat;
        this.withoutNat = withoutNat;
        this.log = log;
        this.applied = applied;
    }

    @Override
    public Map<PublishedPort, PortStatus> apply(Desired desired) {
        long began = System.nanoTime();
        Map<PublishedPort, PortOutcome> bound = listeners.reserve(desired);
        long reserved = System.nanoTime();
        Map<PublishedPort, PortOutcome> rewritten = rewrite(onlyBound(desired, bound));
        long ruled = System.nanoTime();
        listeners.release(desired);
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
                        status(published, bound.get(published), rewritten.get(published)));
            }
        }
        return status;
    }

    private static Desired onlyBound(Desired desired, Map<PublishedPort, PortOutcome> bound) {
        List<Service> services =
                desired.services().stream()
                        .map(service ->
                                new Service(
                                        service.name(),
                                        service.ports().stream()
                                                .filter(port ->
                                                        bound.get(port.published())
                                                                instanceof PortOutcome.Carried)
                                                .toList(),
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
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                for (Endpoint endpoint : port.endpoints()) {
                    endpoint.spec()
                            .addresses()
                            .all()
                            .forEach(address -> byAddress.put(address, endpoint.id()));
                }
            }
        }
        endpoints = Map.copyOf(byAddress);
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
