package dev.sameport.plane.nat;

import java.util.Arrays;

/// Divides the [#COUNT] slots among which the kernel draws one for each new connection.
///
/// Shares are proportional to the weights by largest remainder, save that every weight above 0 gets
/// a slot at least.
final class Slots {
    /// How many slots there are: what a connection's random number is taken modulo of.
    static final int COUNT = 65_536;

    private Slots() {}

    /// The number of slots of each weight, in order; they add up to [#COUNT], or to 0 where every
    /// weight is 0.
    ///
    /// @throws IllegalArgumentException for a negative weight, or more weights above 0 than slots
    static int[] divide(int[] weights) {
        long total = 0;
        int positive = 0;
        for (int weight : weights) {
            if (weight < 0) {
                throw new IllegalArgumentException("weight " + weight + " is negative");
            }
            total += weight;
            positive += weight > 0 ? 1 : 0;
        }
        if (positive > COUNT) {
            throw new IllegalArgumentException(
                    positive + " endpoints are more than the " + COUNT + " slots of a port");
        }
        return total == 0 ? new int[weights.length] : divide(weights, total);
    }

    private static int[] divide(int[] weights, long total) {
        int[] slots = new int[weights.length];
        int left = COUNT;
        for (int i = 0; i < weights.length; i++) {
            int floor = (int) ((long) weights[i] * COUNT / total);
            slots[i] = weights[i] > 0 ? Math.max(1, floor) : 0;
            left -= slots[i];
        }
        handOut(slots, weights, total, left);
        takeBack(slots, -left);
        return slots;
    }

    /// One more to each of those whose rounding down lost most.
    private static void handOut(int[] slots, int[] weights, long total, int left) {
        if (left <= 0) {
            return;
        }
        long[] order = new long[weights.length];
        for (int i = 0; i < weights.length; i++) {
            long remainder = (long) weights[i] * COUNT % total;
            // Who got a slot for nothing lost nothing.
            boolean given = (long) weights[i] * COUNT < total;
            order[i] = ((given ? 0 : remainder) << 32) | (Integer.MAX_VALUE - i);
        }
        Arrays.sort(order);
        for (int i = 1; i <= left; i++) {
            slots[Integer.MAX_VALUE - (int) order[order.length - i]]++;
        }
    }

    /// What the smallest got beyond their share comes from the largest.
    private static void takeBack(int[] slots, int excess) {
        for (int taken = 0; taken < excess; taken++) {
            int largest = 0;
            for (int i = 1; i < slots.length; i++) {
                if (slots[i] > slots[largest]) {
                    largest = i;
                }
            }
            slots[largest]--;
        }
    }
}
