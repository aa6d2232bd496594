package dev.sameport.balance;

import java.util.random.RandomGenerator;

/// Each endpoint's chance is its weight's share of all weights.
///
/// One draw and one look-up, however many endpoints there are (Walker's alias method, in whole
/// numbers: no share is off by rounding).
public final class WeightedRandom implements Chooser {
    private static final int DRAWS_BEFORE_COUNTING = 3;

    private final int[] weights;
    private final int total;
    // A column of height `total` belongs to its own index below threshold[column], to
    // alias[column] from there on.
    private final long[] threshold;
    private final int[] alias;

    private WeightedRandom(int[] weights) {
        this.weights = weights;
        this.total = Weights.total(weights);
        this.threshold = new long[weights.length];
        this.alias = new int[weights.length];
        fill();
    }

    /// A chooser for these weights, one for each endpoint.
    public static WeightedRandom of(int[] weights) {
        return new WeightedRandom(weights.clone());
    }

    private void fill() {
        int columns = weights.length;
        int[] small = new int[columns];
        int[] large = new int[columns];
        int smalls = 0;
        int larges = 0;
        for (int i = 0; i < columns; i++) {
            threshold[i] = (long) weights[i] * columns;
            alias[i] = i;
            if (threshold[i] < total) {
                small[smalls++] = i;
            } else {
                large[larges++] = i;
            }
        }
        while (smalls > 0 && larges > 0) {
            int poor = small[--smalls];
            int rich = large[larges - 1];
            alias[poor] = rich;
            threshold[rich] -= total - threshold[poor];
            if (threshold[rich] < total) {
                larges--;
                small[smalls++] = rich;
            }
        }
    }

    @Override
    public int choose(Situation situation) {
        if (total == 0) {
            return NONE;
        }
        RandomGenerator random = situation.random();
        for (int draw = 0; draw < DRAWS_BEFORE_COUNTING; draw++) {
            int index = draw(random);
            if (!situation.excluded(index)) {
                return index;
            }
        }
        return drawAmongTheRest(situation);
    }

    private int draw(RandomGenerator random) {
        int column = random.nextInt(weights.length);
        return random.nextInt(total) < threshold[column] ? column : alias[column];
    }

    private int drawAmongTheRest(Situation situation) {
        int left = 0;
        for (int i = 0; i < weights.length; i++) {
            left += situation.excluded(i) ? 0 : weights[i];
        }
        if (left == 0) {
            return NONE;
        }
        int point = situation.random().nextInt(left);
        int index = -1;
        while (point >= 0) {
            index++;
            point -= situation.excluded(index) ? 0 : weights[index];
        }
        return index;
    }
}
