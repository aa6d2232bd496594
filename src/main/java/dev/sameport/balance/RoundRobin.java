package dev.sameport.balance;

/// Each endpoint in turn, as often in a round as its weight says, spread over the round.
public final class RoundRobin implements Chooser {
    private static final int LONGEST_ROUND = 10_000;

    private final int[] round;

    private RoundRobin(int[] round) {
        this.round = round;
    }

    /// A chooser for these weights; a round has as many turns as all weights together, divided by
    /// what they have in common. Where that is more than 10,000 the shares are rounded, no endpoint
    /// with a weight going without.
    public static RoundRobin of(int[] weights) {
        Weights.total(weights);
        return new RoundRobin(spread(shorten(weights)));
    }

    private static int[] shorten(int[] weights) {
        int common = 0;
        for (int weight : weights) {
            common = greatestCommonDivisor(common, weight);
        }
        int divisor = Math.max(common, 1);
        divisor = Math.max(divisor, Math.ceilDiv(Weights.total(weights), LONGEST_ROUND));
        int[] shortened = new int[weights.length];
        for (int i = 0; i < weights.length; i++) {
            shortened[i] = Math.ceilDiv(weights[i], divisor);
        }
        return shortened;
    }

    private static int greatestCommonDivisor(int a, int b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    /// The endpoint that is furthest behind its share goes next.
    private static int[] spread(int[] weights) {
        int total = Weights.total(weights);
        int[] round = new int[total];
        long[] credit = new long[weights.length];
        for (int turn = 0; turn < total; turn++) {
            int best = -1;
            for (int i = 0; i < weights.length; i++) {
                credit[i] += weights[i];
                if (weights[i] > 0 && (best < 0 || credit[i] > credit[best])) {
                    best = i;
                }
            }
            credit[best] -= total;
            round[turn] = best;
        }
        return round;
    }

    @Override
    public int choose(Situation situation) {
        if (round.length == 0) {
            return NONE;
        }
        int start = Math.floorMod(situation.turn(), round.length);
        for (int step = 0; step < round.length; step++) {
            int index = round[(start + step) % round.length];
            if (!situation.excluded(index)) {
                return index;
            }
        }
        return NONE;
    }
}
