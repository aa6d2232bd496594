package dev.sameport.plane.nat;

import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Mode;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.plane.PortOutcome;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Decides which published ports the kernel carries, and with which slots. Pure.
final class Offload {
    private final Map<EndpointId, Set<Family>> works;
    private final SortedMap<PublishedPort, NatPort> ports = new TreeMap<>();
    private final SortedMap<PublishedPort, PortOutcome> outcomes = new TreeMap<>();

    private Offload(Map<EndpointId, Set<Family>> works) {
        this.works = works;
    }

    /// @param works the families over which a rewritten connection was seen to arrive, by endpoint
    static Offload of(Desired desired, Map<EndpointId, Set<Family>> works) {
        Offload offload = new Offload(works);
        for (Service service : desired.services()) {
            service.ports().forEach(port -> offload.decide(service, port));
        }
        return offload;
    }

    SortedMap<PublishedPort, NatPort> ports() {
        return ports;
    }

    SortedMap<PublishedPort, PortOutcome> outcomes() {
        return outcomes;
    }

    private void decide(Service service, ServicePort port) {
        String reason = declined(service, port);
        boolean dispatch = reason == null;
        TreeSet<String> bridges = new TreeSet<>();
        for (Endpoint endpoint : port.endpoints()) {
            if (endpoint.spec().reach() instanceof Reach.OnBridge(String bridge)) {
                bridges.add(bridge);
            }
        }
        ports.put(
                port.published(),
                new NatPort(
                        port.published(),
                        service.name().value(),
                        dispatch,
                        port.intake() == ServicePort.Intake.REFUSE,
                        bridges,
                        dispatch ? slots(port, Family.IPV4) : Slots.of(List.of()),
                        dispatch ? slots(port, Family.IPV6) : Slots.of(List.of())));
        outcomes.put(
                port.published(),
                reason == null ? new PortOutcome.Carried() : new PortOutcome.Declined(reason));
    }

    private @Nullable String declined(Service service, ServicePort port) {
        if (service.policies().mode() == Mode.PROXY) {
            return "sameport.mode is proxy";
        }
        if (port.published().protocol() != Protocol.TCP) {
            return "the nat plane carries TCP only as yet";
        }
        if (port.published().address() instanceof HostAddress.One(var address)
                && address.isLoopbackAddress()) {
            return "a loopback address can't be rewritten without opening the host's loopback to containers";
        }
        return port.serving().stream()
                .map(this::declined)
                .filter(r -> r != null)
                .findFirst()
                .orElse(null);
    }

    private @Nullable String declined(Endpoint endpoint) {
        String name = "endpoint " + endpoint.spec().name();
        return switch (endpoint.spec().reach()) {
            case Reach.OnBridge _ ->
                    endpoint.natWorks()
                            ? null
                            : name + " was not reached by a rewritten connection";
            case Reach.OnHost _ -> name + " lives in the host's own network";
            case Reach.ThroughPublished _ ->
                    name + " is reached through a port that its engine published";
            case Reach.Plain _ -> name + " is a plain address, not on a bridge of this host";
            case Reach.Unreachable(String why) -> name + " is not reachable: " + why;
        };
    }

    private Slots slots(ServicePort port, Family family) {
        if (!port.published().address().covers(family)) {
            return Slots.of(List.of());
        }
        List<Slots.Share> shares = new ArrayList<>();
        for (Endpoint endpoint : port.serving()) {
            InetSocketAddress address = endpoint.spec().addresses().of(family);
            Set<Family> families = works.get(endpoint.id());
            if (address != null && (families == null || families.contains(family))) {
                shares.add(new Slots.Share(address, endpoint.spec().weight().value()));
            }
        }
        return Slots.of(shares);
    }
}
