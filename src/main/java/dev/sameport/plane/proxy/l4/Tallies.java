package dev.sameport.plane.proxy.l4;

import dev.sameport.model.EndpointId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/// The tallies of all endpoints, by id: an endpoint that two ports share has one. Any thread.
final class Tallies {
    private final ConcurrentHashMap<EndpointId, Tally> byEndpoint = new ConcurrentHashMap<>();

    Tally of(EndpointId endpoint) {
        return byEndpoint.computeIfAbsent(endpoint, _ -> new Tally());
    }

    /// Forgets endpoints that are neither wanted nor carry anything.
    void retain(Set<EndpointId> wanted) {
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
