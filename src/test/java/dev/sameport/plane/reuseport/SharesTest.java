package dev.sameport.plane.reuseport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SharesTest {
    private static final int SLOTS = SelectProgram.SLOTS;

    private static int[] empty() {
        int[] slots = new int[SLOTS];
        Arrays.fill(slots, Shares.NOBODY);
        return slots;
    }

    private static long count(int[] slots, int member) {
        return Arrays.stream(slots).filter(slot -> slot == member).count();
    }

    @Test
    void slots_follow_the_weights() {
        int[] slots = Shares.of(empty(), new int[] {80, 20, 0});
        assertEquals(819, count(slots, 0));
        assertEquals(205, count(slots, 1));
        assertEquals(0, count(slots, 2));
    }

    @Test
    void without_any_weight_the_kernel_chooses() {
        assertEquals(SLOTS, count(Shares.of(empty(), new int[] {0, 0}), Shares.NOBODY));
        assertEquals(SLOTS, count(Shares.of(empty(), new int[0]), Shares.NOBODY));
    }

    @Test
    void for_any_weights_every_slot_is_given_each_share_is_met_and_few_slots_move() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 2_000; i++) {
            int[] weights = random.ints(random.nextInt(1, 20), 0, 100).toArray();
            weights[random.nextInt(weights.length)] = 1 + random.nextInt(100);
            long sum = Arrays.stream(weights).sum();
            int[] slots = Shares.of(empty(), weights);
            check(slots, weights, sum, "round " + i);

            int changed = random.nextInt(weights.length);
            int[] other = weights.clone();
            other[changed] = random.nextInt(100);
            long otherSum = Arrays.stream(other).sum();
            if (otherSum == 0) {
                continue;
            }
            int[] after = Shares.of(slots, other);
            check(after, other, otherSum, "round " + i);
            long moved = 0;
            long needed = 0;
            for (int slot = 0; slot < SLOTS; slot++) {
                moved += slots[slot] == after[slot] ? 0 : 1;
            }
            for (int member = 0; member < weights.length; member++) {
                needed += Math.max(0, count(after, member) - count(slots, member));
            }
            assertEquals(needed, moved, "round " + i);
        }
    }

    private static void check(int[] slots, int[] weights, long sum, String round) {
        assertEquals(0, count(slots, Shares.NOBODY), round);
        for (int member = 0; member < weights.length; member++) {
            double due = (double) weights[member] * SLOTS / sum;
            assertTrue(Math.abs(count(slots, member) - due) < 1, round);
        }
    }
}
