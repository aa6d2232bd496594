package dev.sameport.admin;

import java.time.Duration;

/// Durations as labels write them.
final class Durations {
    private Durations() {}

    /// `500ms`, `5s`, `2m`, `1h`: the largest unit that is exact.
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        if (millis == 0 || millis % 60_000 != 0) {
            return millis / 1000 + "s";
        }
        return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 60_000 + "m";
    }
}
