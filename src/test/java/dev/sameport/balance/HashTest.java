package dev.sameport.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Which client goes to which endpoint, and who moves when endpoints come and go.
final class HashTest {
    private static final int CLIENTS = 4_000;

    /// One client; nothing else may be asked for.
    private record Client(long clientKey, int excluded) implements Situation {
        @Override
        public RandomGenerator random() {
            throw new AssertionError("a hash needs no chance");
        }

        @Override
        public long turn() {
            throw new AssertionError("a hash needs no turn");
        }

        @Override
        public int active(int index) {
            throw new AssertionError("a hash needs no load");
        }

        @Override
        public boolean excluded(int index) {
            return index == excluded;
        }
    }

    /// An endpoint that stays the same wherever it stands in a table.
    private record Member(long key, int weight) {}

    private static long key(Member[] members, long client, int excluded) {
        int[] weights = Arrays.stream(members).mapToInt(Member::weight).toArray();
        long[] keys = Arrays.stream(members).mapToLong(Member::key).toArray();
        int index = Hash.of(weights, keys).choose(new Client(client, excluded));
        return index < 0 ? index : keys[index];
    }

    private static Member[] members(SplittableRandom random) {
        Member[] members = new Member[random.nextInt(2, 12)];
        for (int i = 0; i < members.length; i++) {
            members[i] = new Member(Keys.of("endpoint " + random.nextInt()), random.nextInt(1, 6));
        }
        return members;
    }

    private static long client(int number) {
        return Keys.of(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
    }

    private static Member[] without(Member[] members, int index) {
        Member[] rest = new Member[members.length - 1];
        System.arraycopy(members, 0, rest, 0, index);
        System.arraycopy(members, index + 1, rest, index, rest.length - index);
        return rest;
    }

    private static double share(Member[] members, int index) {
        int total = Arrays.stream(members).mapToInt(Member::weight).sum();
        return (double) members[index].weight() / total;
    }

    @Test
    void only_the_clients_of_an_endpoint_that_leaves_move_and_they_are_its_share() {
        for (long seed = 0; seed < 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Member[] before = members(random);
            int leaving = random.nextInt(before.length);
            Member[] after = without(before, leaving);
            int moved = 0;
            for (int i = 0; i < CLIENTS; i++) {
                long first = key(before, client(i), -1);
                long then = key(after, client(i), -1);
                if (first == before[leaving].key()) {
                    moved++;
                    assertNotEquals(first, then);
                } else {
                    assertEquals(first, then, "seed " + seed + " client " + i);
                }
            }
            assertEquals(share(before, leaving), (double) moved / CLIENTS, 0.04, "seed " + seed);
        }
    }

    @Test
    void the_order_of_the_table_does_not_matter() {
        for (long seed = 0; seed < 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Member[] members = members(random);
            Member[] turned = new Member[members.length];
            for (int i = 0; i < members.length; i++) {
                turned[members.length - 1 - i] = members[i];
            }
            for (int i = 0; i < 200; i++) {
                assertEquals(
                        key(members, client(i), -1), key(turned, client(i), -1), "seed " + seed);
            }
        }
    }

    @Test
    void a_client_whose_endpoint_is_excluded_goes_where_it_would_go_without_it() {
        for (long seed = 0; seed < 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Member[] members = members(random);
            int excluded = random.nextInt(members.length);
            for (int i = 0; i < 200; i++) {
                assertEquals(
                        key(without(members, excluded), client(i), -1),
                        key(members, client(i), excluded),
                        "seed " + seed);
            }
        }
    }

    @Test
    void a_higher_weight_takes_clients_and_gives_none() {
        for (long seed = 0; seed < 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Member[] before = members(random);
            int raised = random.nextInt(before.length);
            Member[] after = before.clone();
            after[raised] = new Member(before[raised].key(), before[raised].weight() * 2);
            for (int i = 0; i < CLIENTS; i++) {
                long then = key(after, client(i), -1);
                assertTrue(
                        then == after[raised].key() || then == key(before, client(i), -1),
                        "seed " + seed + " client " + i);
            }
        }
    }

    @Test
    void an_endpoint_without_weight_gets_nobody() {
        Member[] members = {new Member(1, 0), new Member(2, 1)};
        for (int i = 0; i < 200; i++) {
            assertEquals(2, key(members, client(i), -1));
        }
        assertEquals(Chooser.NONE, key(new Member[] {new Member(7, 0)}, 1, -1));
    }

    @Test
    void a_key_for_each_weight_is_needed() {
        assertThrows(
                IllegalArgumentException.class, () -> Hash.of(new int[] {1, 1}, new long[] {1}));
    }
}
