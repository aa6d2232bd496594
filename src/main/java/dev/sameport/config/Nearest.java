package dev.sameport.config;

import org.jspecify.annotations.Nullable;

/// The known label that a misspelt one probably means, by edit distance.
final class Nearest {
    /// No known name is half as long, so a longer one means none of them.
    private static final int MAX_LENGTH = 64;

    private Nearest() {}

    /// The known name that is nearest to `name`, or null where none is near.
    static @Nullable String to(String name) {
        if (name.length() > MAX_LENGTH) {
            return null;
        }
        String best = null;
        int bestDistance = Math.max(2, (name.length() - LabelKey.PREFIX.length()) / 3) + 1;
        for (LabelKey key : SameportLabels.KEYS) {
            int distance = distance(name, key.name());
            if (distance < bestDistance) {
                best = key.name();
                bestDistance = distance;
            }
        }
        return best;
    }

    /// How many characters to insert, remove or change to make one the other.
    static int distance(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], before[j]) + 1, before[j - 1] + change);
            }
            before = row;
        }
        return before[other.length()];
    }
}
