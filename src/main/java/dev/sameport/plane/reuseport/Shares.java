package dev.sameport.plane.reuseport;

import java.util.Arrays;

/// Which member each slot leads to, so that members have slots by their weights.
///
/// Pure. Changing one weight moves as few slots as can be: a connection that is just being made is
/// better not sent elsewhere between its SYN and its ACK.
final class Shares {
    /// A slot that leads to nobody: the kernel chooses.
    static final int NOBODY = -1;

    private Shares() {}

    /// @param before the slots as they are; [#NOBODY] at first
    /// @param weights of each member, by index; 0 gets nothing
    static int[] of(int[] before, int[] weights) {
        int[] slots = before.clone();
        int[] due = due(weights, slots.length);
        int[] has = new int[weights.length];
        for (int i = 0; i < slots.length; i++) {
            int member = slots[i];
            if (member < 0 || member >= weights.length || has[member] == due[member]) {
                slots[i] = NOBODY;
            } else {
                has[member]++;
            }
        }
        int next = 0;
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] == NOBODY) {
                while (next < weights.length && has[next] == due[next]) {
                    next++;
                }
                if (next < weights.length) {
                    slots[i] = next;
                    has[next]++;
                }
            }
        }
        return slots;
    }

    /// How many slots each has: by the largest remainders, so that all slots are given.
    private static int[] due(int[] weights, int slots) {
        long sum = Arrays.stream(weights).asLongStream().sum();
        int[] due = new int[weights.length];
        if (sum == 0) {
            return due;
        }
        long[] remainders = new long[weights.length];
        int given = 0;
        for (int i = 0; i < weights.length; i++) {
            due[i] = (int) ((long) weights[i] * slots / sum);
            remainders[i] = (long) weights[i] * slots % sum;
            given += due[i];
        }
        for (; given < slots; given++) {
            int largest = 0;
            for (int i = 1; i < weights.length; i++) {
                if (remainders[i] > remainders[largest]) {
                    largest = i;
                }
            }
            due[largest]++;
            remainders[largest] = -1;
        }
        return due;
    }
}
