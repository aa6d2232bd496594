package dev.sameport.plane.reuseport;

import dev.sameport.model.EndpointId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which socket has which number in a group, and whose it is. A member has one for each socket that
/// it listens with (nginx has one for each worker).
final class Seats {
    /// So that the share of a member divides well among its sockets: 1 to 8 all divide it.
    private static final int PARTS = 840;

    private final TreeMap<Integer, Seat> byNumber = new TreeMap<>();
    private final Map<EndpointId, Long> earlier = new HashMap<>();

    /// A socket's place.
    ///
    /// @param inode the socket's
    /// @param pid a process that has it open
    /// @param before what the place had counted before the socket got it
    record Seat(int number, long inode, int pid, EndpointId member, long before) {}

    /// The least number that is free.
    int free() {
        int number = 0;
        while (byNumber.containsKey(number)) {
            number++;
        }
        return number;
    }

    void put(Seat seat) {
        byNumber.put(seat.number(), seat);
    }

    /// Takes a seat away; what it counted stays its member's.
    void remove(Seat seat, long counted) {
        byNumber.remove(seat.number());
        earlier.merge(seat.member(), counted - seat.before(), Long::sum);
    }

    List<Seat> all() {
        return new ArrayList<>(byNumber.values());
    }

    boolean has(long inode) {
        return byNumber.values().stream().anyMatch(seat -> seat.inode() == inode);
    }

    boolean has(EndpointId member) {
        return byNumber.values().stream().anyMatch(seat -> seat.member().equals(member));
    }

    /// Weights by number, from those of the members; who is not named has 0.
    int[] weights(Map<EndpointId, Integer> ofMembers) {
        Map<EndpointId, Integer> sockets = new HashMap<>();
        byNumber.values().forEach(seat -> sockets.merge(seat.member(), 1, Integer::sum));
        int[] weights = new int[byNumber.isEmpty() ? 0 : byNumber.lastKey() + 1];
        byNumber.values()
                .forEach(seat -> {
                    int weight = ofMembers.getOrDefault(seat.member(), 0);
                    weights[seat.number()] =
                            weight * PARTS / sockets.getOrDefault(seat.member(), 1);
                });
        return weights;
    }

    /// What was counted for each member.
    ///
    /// @param counted what each number has counted so far
    Map<EndpointId, Long> counts(java.util.function.IntToLongFunction counted) {
        Map<EndpointId, Long> counts = new HashMap<>(earlier);
        byNumber.values()
                .forEach(seat ->
                        counts.merge(
                                seat.member(),
                                counted.applyAsLong(seat.number()) - seat.before(),
                                Long::sum));
        return counts;
    }

    /// Forgets what a member that is no more had.
    void forget(EndpointId member) {
        earlier.remove(member);
    }
}
