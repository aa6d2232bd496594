package dev.sameport.balance;

/// Sums of weights.
final class Weights {
    private Weights() {}

    /// The sum; throws where it is no int or a weight is negative.
    static int total(int[] weights) {
        int total = 0;
        for (int weight : weights) {
            if (weight < 0) {
                throw new IllegalArgumentException("weight " + weight + " is negative");
            }
            total = Math.addExact(total, weight);
        }
        return total;
    }
}
