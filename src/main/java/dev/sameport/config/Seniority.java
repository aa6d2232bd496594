package dev.sameport.config;

import java.time.Instant;
import java.util.Comparator;

/// How old something is: by its start, then by id, so that equal starts decide the same each time.
record Seniority(Instant startedAt, String provider, String id) implements Comparable<Seniority> {
    private static final Comparator<Seniority> ORDER =
            Comparator.comparing(Seniority::startedAt)
                    .thenComparing(Seniority::id)
                    .thenComparing(Seniority::provider);

    /// What a person declared counts as older than every container.
    static final Seniority DECLARED = new Seniority(Instant.MIN, "", "");

    @Override
    public int compareTo(Seniority other) {
        return ORDER.compare(this, other);
    }
}
