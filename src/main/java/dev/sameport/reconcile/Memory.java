package dev.sameport.reconcile;

import dev.sameport.model.EndpointId;
import dev.sameport.model.ReplicaId;
import dev.sameport.provider.Signal;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What the loop remembers from pass to pass; immutable.
///
/// @param endpoints what was learnt about each endpoint
/// @param ports what was learnt about each published port
/// @param stops stop signals, by replica: they can't be read back from the engine
/// @param deaths ends of processes, by replica, that the engine may not show yet
/// @param adopted endpoints that an earlier daemon had in force and that were found to be the same
///   replicas
public record Memory(
        Map<EndpointId, EndpointState> endpoints,
        Map<PortKey, PortMemory> ports,
        Map<ReplicaId, Instant> stops,
        Map<ReplicaId, Instant> deaths,
        Set<Adopted> adopted) {

    /// An endpoint in force, as recorded by an earlier daemon.
    public record Adopted(ReplicaId replica, Instant run, InetSocketAddress address) {}

    public static final Memory EMPTY = new Memory(Map.of(), Map.of(), Map.of(), Map.of(), Set.of());

    /// A memory that begins with what an earlier daemon left.
    public static Memory adopting(Set<Adopted> adopted) {
        return new Memory(Map.of(), Map.of(), Map.of(), Map.of(), Set.copyOf(adopted));
    }

    Memory with(Signal signal) {
        return switch (signal) {
            case Signal.Stopping(ReplicaId replica, Instant at) ->
                    new Memory(endpoints, ports, plus(stops, replica, at), deaths, adopted);
            case Signal.Died(ReplicaId replica, Instant at) ->
                    new Memory(endpoints, ports, stops, plus(deaths, replica, at), adopted);
        };
    }

    Memory with(Probed probed) {
        return update(probed.endpoint(), state -> state.probed(probed));
    }

    private Memory update(EndpointId id, UnaryOperator<EndpointState> change) {
        EndpointState state = endpoints.get(id);
        if (state == null) {
            return this;
        }
        return new Memory(plus(endpoints, id, change.apply(state)), ports, stops, deaths, adopted);
    }

    private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
        Map<K, V> copy = new HashMap<>(map);
        copy.put(key, value);
        return Map.copyOf(copy);
    }
}
