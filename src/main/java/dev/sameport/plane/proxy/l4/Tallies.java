package dev.sameport.plane.proxy.l4;

import dev.sameport.model.EndpointId;
import dev.sameport.model.ServiceName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/// The tallies of all endpoints and services: an endpoint that two ports share has one. Any thread.
final class Tallies {
    private final ConcurrentHashMap<EndpointId, Tally> byEndpoint = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<ServiceName, Places> byService = new ConcurrentHashMap<>();

    Tally of(EndpointId endpoint) {
        return byEndpoint.computeIfAbsent(endpoint, _ -> new Tally());
    }

    /// The connections of one service.
    Places of(ServiceName service) {
        return byService.computeIfAbsent(service, _ -> new Places());
    }

    /// Forgets endpoints and services that are neither wanted nor carry anything.
    void retain(Set<EndpointId> wanted, Set<ServiceName> services) {
        byService
                .entrySet()
                .removeIf(entry ->
                        !services.contains(entry.getKey()) && entry.getValue().taken() == 0);
        byEndpoint
                .entrySet()
                .removeIf(entry ->
                        !wanted.contains(entry.getKey()) && entry.getValue().active() == 0);
    }

    Map<EndpointId, Long> map(ToLongFunction<Tally> value) {
        Map<EndpointId, Long> result = new HashMap<>();
        byEndpoint.forEach((id, tally) -> result.put(id, value.applyAsLong(tally)));
        return Map.copyOf(result);
    }
}
