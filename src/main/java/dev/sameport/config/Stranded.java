package dev.sameport.config;

import dev.sameport.model.ReplicaId;
import java.time.Instant;
import java.util.Comparator;

/// A replica that was left in a network namespace which its owner has left by a restart: only a
/// restart of its own brings it into the new one.
///
/// @param run the run of it that is meant
public record Stranded(ReplicaId replica, Instant run) implements Comparable<Stranded> {
    private static final Comparator<Stranded> ORDER =
            Comparator.comparing(Stranded::replica).thenComparing(Stranded::run);

    @Override
    public int compareTo(Stranded other) {
        return ORDER.compare(this, other);
    }
}
