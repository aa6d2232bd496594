package dev.sameport.plane.reuseport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.EndpointId;
import dev.sameport.model.ReplicaId;
import dev.sameport.plane.reuseport.Seats.Seat;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SeatsTest {
    private static final EndpointId A = new EndpointId(new ReplicaId("docker", "a"), 80);
    private static final EndpointId B = new EndpointId(new ReplicaId("docker", "b"), 80);

    private final Seats seats = new Seats();

    private Seat sit(long inode, EndpointId member, long before) {
        Seat seat = new Seat(seats.free(), inode, 1, member, before);
        seats.put(seat);
        return seat;
    }

    @Test
    void a_member_has_its_weight_once_however_many_sockets_it_listens_with() {
        sit(1, A, 0);
        sit(2, A, 0);
        sit(3, B, 0);
        int[] weights = seats.weights(Map.of(A, 1, B, 1));
        assertEquals(weights[2], weights[0] + weights[1]);
    }

    @Test
    void who_is_not_named_has_nothing() {
        sit(1, A, 0);
        sit(2, B, 0);
        assertArrayEquals(new int[] {840, 0}, seats.weights(Map.of(A, 1)));
    }

    @Test
    void the_least_free_number_is_given_again() {
        Seat first = sit(1, A, 0);
        sit(2, B, 0);
        seats.remove(first, 0);
        assertEquals(0, seats.free());
        assertFalse(seats.has(1));
        assertTrue(seats.has(B));
        assertFalse(seats.has(A));
    }

    @Test
    void a_number_that_is_given_again_does_not_bring_its_count_along() {
        Seat first = sit(1, A, 0);
        seats.remove(first, 10);
        sit(2, B, 10);
        assertEquals(Map.of(A, 10L, B, 5L), seats.counts(_ -> 15));
        seats.forget(A);
        assertEquals(Map.of(B, 5L), seats.counts(_ -> 15));
    }
}
