package dev.sameport.balance;

/// Each client keeps its endpoint (weighted rendezvous hashing): every endpoint draws a number from
/// its key and the client's, and the highest wins.
///
/// When an endpoint leaves, only its own clients get another one; when one joins, it takes its
/// share from all, and nobody else moves. An endpoint's share of the clients is its weight's share.
public final class Hash implements Chooser {
    private static final double RANGE = 1L << 53;

    private final int[] weights;
    private final long[] keys;

    private Hash(int[] weights, long[] keys) {
        this.weights = weights;
        this.keys = keys;
    }

    /// A chooser for these weights.
    ///
    /// @param keys one for each endpoint, the same for as long as it is the same endpoint
    public static Hash of(int[] weights, long[] keys) {
        if (weights.length != keys.length) {
            throw new IllegalArgumentException(
                    weights.length + " weights, but " + keys.length + " keys");
        }
        Weights.total(weights);
        return new Hash(weights.clone(), keys.clone());
    }

    @Override
    public int choose(Situation situation) {
        long client = Keys.mixed(situation.clientKey());
        int best = NONE;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0 && !situation.excluded(i)) {
                double score = score(client ^ keys[i], weights[i]);
                if (score > highest) {
                    highest = score;
                    best = i;
                }
            }
        }
        return best;
    }

    /// `ln(u) / weight` for an even `u` between 0 and 1: the greatest of several is of one with the
    /// chance of its share.
    private static double score(long hash, int weight) {
        double even = ((Keys.mixed(hash) >>> 11) + 0.5) / RANGE;
        return Math.log(even) / weight;
    }
}
