package dev.sameport.plane.nat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SlotsTest {
    @Test
    void equal_weights_differ_by_one_slot_at_most_and_the_first_have_it() {
        assertArrayEquals(new int[] {21_846, 21_845, 21_845}, Slots.divide(new int[] {1, 1, 1}));
        assertArrayEquals(new int[] {32_768, 32_768}, Slots.divide(new int[] {1000, 1000}));
        assertArrayEquals(new int[] {Slots.COUNT}, Slots.divide(new int[] {7}));
    }

    @Test
    void weight_0_gets_none_and_weights_that_are_all_0_leave_nothing() {
        assertArrayEquals(new int[] {0, Slots.COUNT}, Slots.divide(new int[] {0, 3}));
        assertArrayEquals(new int[] {0, 0}, Slots.divide(new int[] {0, 0}));
        assertArrayEquals(new int[] {}, Slots.divide(new int[] {}));
    }

    @Test
    void the_smallest_weight_beside_very_many_great_ones_still_gets_a_slot() {
        int[] weights = new int[1000];
        Arrays.fill(weights, 1000);
        weights[500] = 1;

        int[] slots = Slots.divide(weights);

        assertEquals(1, slots[500]);
        assertEquals(Slots.COUNT, Arrays.stream(slots).sum());
    }

    @Test
    void more_endpoints_than_slots_and_negative_weights_are_rejected() {
        int[] ones = new int[Slots.COUNT + 1];
        Arrays.fill(ones, 1);
        assertThrows(IllegalArgumentException.class, () -> Slots.divide(ones));
        assertThrows(IllegalArgumentException.class, () -> Slots.divide(new int[] {1, -1}));
        assertArrayEquals(
                Arrays.copyOf(ones, Slots.COUNT), Slots.divide(Arrays.copyOf(ones, Slots.COUNT)));
    }

    @Test
    void every_division_is_whole_and_off_by_less_than_a_slot_except_for_the_smallest() {
        SplittableRandom seeds = new SplittableRandom(20_250);
        for (int round = 0; round < 2_000; round++) {
            long seed = seeds.nextLong();
            check(seed, randomWeights(new SplittableRandom(seed)));
        }
    }

    private static int[] randomWeights(SplittableRandom random) {
        int[] weights = new int[random.nextInt(1, random.nextInt(10) == 0 ? 1_200 : 20)];
        int bound = random.nextInt(1, 1001);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextInt(6) == 0 ? 0 : random.nextInt(bound + 1);
        }
        return weights;
    }

    private static void check(long seed, int[] weights) {
        int[] slots = Slots.divide(weights);
        long total = Arrays.stream(weights).sum();
        String what = "seed " + seed + ": " + Arrays.toString(weights);
        assertEquals(total == 0 ? 0 : Slots.COUNT, Arrays.stream(slots).sum(), what);
        boolean allHaveOne =
                Arrays.stream(weights).allMatch(w -> w == 0 || (long) w * Slots.COUNT >= total);
        for (int i = 0; i < weights.length; i++) {
            assertEquals(weights[i] > 0, slots[i] > 0, what);
            double exact = total == 0 ? 0 : (double) weights[i] * Slots.COUNT / total;
            assertTrue(!allHaveOne || Math.abs(slots[i] - exact) < 1, what);
            for (int j = 0; j < i; j++) {
                assertTrue(weights[j] <= weights[i] || slots[j] >= slots[i], what);
            }
        }
    }
}
