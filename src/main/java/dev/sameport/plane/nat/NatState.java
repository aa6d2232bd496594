package dev.sameport.plane.nat;

import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Family;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.plane.PortOutcome;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the table should say: all that [Ruleset] needs, and nothing that it does not.
///
/// @param ports the published ports that are dispatched
/// @param refused the published ports whose SYNs are reset
record NatState(
        NatOptions options,
        SortedMap<PublishedPort, PortRules> ports,
        SortedSet<PublishedPort> refused) {

    /// One dispatched port.
    ///
    /// @param service whose it is, for people who read the rules
    /// @param bridges whose packets return to the listener, because an endpoint is behind them
    /// @param shares who gets how many slots; a family without any is absent
    record PortRules(
            ServiceName service, SortedSet<String> bridges, Map<Family, List<Share>> shares) {
        PortRules {
            bridges = Collections.unmodifiableSortedSet(new TreeSet<>(bridges));
            shares = Collections.unmodifiableMap(new TreeMap<>(shares));
        }

        /// The endpoints of both families.
        Set<InetSocketAddress> endpoints() {
            Set<InetSocketAddress> endpoints = new HashSet<>();
            shares.values().forEach(list -> list.forEach(share -> endpoints.add(share.endpoint())));
            return endpoints;
        }
    }

    /// An endpoint's number of slots.
    record Share(InetSocketAddress endpoint, int slots) {}

    NatState {
        ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        refused = Collections.unmodifiableSortedSet(new TreeSet<>(refused));
    }

    /// A table that dispatches nothing.
    static NatState empty(NatOptions options) {
        return new NatState(options, new TreeMap<>(), new TreeSet<>());
    }

    /// The part of `desired` that is the kernel's.
    ///
    /// @param trials what the last trial of an endpoint told; one without any works as a whole
    static NatState of(Desired desired, NatOptions options, Map<EndpointId, TrialResult> trials) {
        SortedMap<PublishedPort, PortRules> ports = new TreeMap<>();
        SortedSet<PublishedPort> refused = new TreeSet<>();
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                if (port.published().protocol() == Protocol.TCP
                        && port.intake() == Intake.REFUSE
                        && !port.shared()
                        && service.policies().http() == null) {
                    refused.add(port.published());
                } else if (port.intake() == Intake.SERVE
                        && Offload.judge(service, port, trials) instanceof PortOutcome.Carried) {
                    ports.putIfAbsent(port.published(), rules(service.name(), port, trials));
                }
            }
        }
        return new NatState(options, ports, refused);
    }

    private static PortRules rules(
            ServiceName service, ServicePort port, Map<EndpointId, TrialResult> trials) {
        SortedSet<String> bridges = new TreeSet<>();
        for (Endpoint endpoint : port.serving()) {
            if (endpoint.spec().reach() instanceof Reach.OnBridge(String bridge)) {
                bridges.add(bridge);
            }
        }
        Map<Family, List<Share>> shares = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            List<Share> ofFamily = shares(port, family, trials);
            if (!ofFamily.isEmpty()) {
                shares.put(family, ofFamily);
            }
        }
        return new PortRules(service, bridges, shares);
    }

    /// Empty where the published address is not of this family, where no endpoint has an address of
    /// it and a weight, or where it doesn't work for one of them: the listener serves them all.
    static List<Share> shares(
            ServicePort port, Family family, Map<EndpointId, TrialResult> trials) {
        if (!port.published().address().covers(family)) {
            return List.of();
        }
        // Endpoints of one sandbox are at one address.
        Map<InetSocketAddress, Integer> weights = new LinkedHashMap<>();
        for (Endpoint endpoint : port.serving()) {
            InetSocketAddress address = endpoint.spec().addresses().of(family);
            TrialResult trial = trials.get(endpoint.id());
            if (address != null && trial != null && !trial.families().contains(family)) {
                return List.of();
            }
            if (address != null) {
                weights.merge(address, endpoint.spec().weight().value(), Integer::sum);
            }
        }
        List<InetSocketAddress> addresses = List.copyOf(weights.keySet());
        int[] slots = Slots.divide(weights.values().stream().mapToInt(Integer::intValue).toArray());
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] > 0) {
                shares.add(new Share(addresses.get(i), slots[i]));
            }
        }
        return List.copyOf(shares);
    }
}
