package dev.sameport.balance;

/// Of two endpoints drawn by weight, the one that carries less for its weight.
///
/// Two draws come close to the best of all (the power of two choices), cost the same with a
/// thousand endpoints, and don't send every new connection to the one that just joined.
public final class LeastConnections implements Chooser {
    private final int[] weights;
    private final WeightedRandom draw;

    private LeastConnections(int[] weights) {
        this.weights = weights;
        this.draw = WeightedRandom.of(weights);
    }

    /// A chooser for these weights, one for each endpoint.
    public static LeastConnections of(int[] weights) {
        return new LeastConnections(weights.clone());
    }

    @Override
    public int choose(Situation situation) {
        int one = draw.choose(situation);
        int other = draw.choose(situation);
        if (one == other) {
            return one;
        }
        // active(one)/weight(one) <= active(other)/weight(other), without dividing
        long load = (long) situation.active(one) * weights[other];
        long otherLoad = (long) situation.active(other) * weights[one];
        return load <= otherLoad ? one : other;
    }
}
