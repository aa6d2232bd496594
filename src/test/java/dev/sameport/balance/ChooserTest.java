package dev.sameport.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Balance;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ChooserTest {
    private static final int DRAWS = 20_000;

    /// A situation that the test makes up.
    private static final class Given implements Situation {
        private final RandomGenerator random;
        private final BitSet excluded = new BitSet();
        private final int[] active;
        private long turn;

        Given(long seed, int endpoints) {
            this.random = new SplittableRandom(seed);
            this.active = new int[endpoints];
        }

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public long turn() {
            return turn++;
        }

        @Override
        public int active(int index) {
            return active[index];
        }

        @Override
        public boolean excluded(int index) {
            return excluded.get(index);
        }
    }

    private static int[] counts(Chooser chooser, Given given, int endpoints) {
        int[] counts = new int[endpoints];
        for (int i = 0; i < DRAWS; i++) {
            counts[chooser.choose(given)]++;
        }
        return counts;
    }

    @ParameterizedTest
    @EnumSource
    void shares_follow_any_weights(Balance balance) {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 20; round++) {
            int endpoints = random.nextInt(1, 12);
            int[] weights = random.ints(endpoints, 0, 50).toArray();
            weights[random.nextInt(endpoints)] = 1 + random.nextInt(50);
            int sum = Weights.total(weights);
            Given given = new Given(round, endpoints);
            // Nobody carries anything, so the least loaded of two is the first of two drawn by
            // weight.
            int[] counts = counts(chooser(balance, weights), given, endpoints);
            for (int i = 0; i < endpoints; i++) {
                double due = (double) weights[i] / sum;
                assertEquals(due, (double) counts[i] / DRAWS, 0.02, balance + ", round " + round);
                assertTrue(weights[i] > 0 || counts[i] == 0, "weight 0 gets nothing");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_excluded_are_never_chosen_and_the_last_one_left_always(Balance balance) {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 200; round++) {
            int endpoints = random.nextInt(2, 30);
            int left = random.nextInt(endpoints);
            int[] weights = new int[endpoints];
            java.util.Arrays.fill(weights, 1 + random.nextInt(1_000));
            Given given = new Given(round, endpoints);
            given.excluded.set(0, endpoints);
            given.excluded.clear(left);
            assertEquals(left, chooser(balance, weights).choose(given), "round " + round);
            given.excluded.set(left);
            assertEquals(Chooser.NONE, chooser(balance, weights).choose(given));
        }
    }

    @ParameterizedTest
    @EnumSource
    void where_nobody_has_a_weight_nobody_is_chosen(Balance balance) {
        assertEquals(Chooser.NONE, chooser(balance, new int[0]).choose(new Given(1, 0)));
        assertEquals(Chooser.NONE, chooser(balance, new int[3]).choose(new Given(1, 3)));
    }

    @Test
    void turns_are_exact_and_spread_over_the_round() {
        Given given = new Given(1, 3);
        Chooser chooser = RoundRobin.of(new int[] {2, 1, 1});
        StringBuilder round = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            round.append(chooser.choose(given));
        }
        assertEquals(round.substring(0, 4), round.substring(4));
        assertEquals(2, round.substring(0, 4).chars().filter(c -> c == '0').count());
        assertTrue(!round.substring(0, 4).contains("00"), round::toString);
    }

    @Test
    void of_two_the_one_that_carries_less_for_its_weight_is_chosen() {
        Given given = new Given(3, 2);
        given.active[0] = 10;
        given.active[1] = 0;
        int[] counts = counts(LeastConnections.of(new int[] {1, 1}), given, 2);
        // The loaded one only where both draws are of it.
        assertEquals(0.25, (double) counts[0] / DRAWS, 0.02);
        given.active[0] = 10;
        given.active[1] = 6;
        counts = counts(LeastConnections.of(new int[] {2, 1}), given, 2);
        assertTrue(counts[0] > counts[1], "10 of weight 2 is less than 6 of weight 1");
    }

    /// With the indexes as keys.
    private static Chooser chooser(Balance balance, int[] weights) {
        return Chooser.of(balance, weights, LongStream.range(0, weights.length).toArray());
    }

    @Test
    void a_negative_weight_is_an_error() {
        assertThrows(IllegalArgumentException.class, () -> WeightedRandom.of(new int[] {1, -1}));
    }
}
