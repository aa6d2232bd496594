package dev.sameport.reconcile;

import dev.sameport.model.Service;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The outcome of one pass: what should be, what to remember, and when time alone will change it.
///
/// @param deadline the earliest moment at which a new pass would decide otherwise, or null
public record Plan(List<Service> services, Memory memory, @Nullable Instant deadline) {
    public Plan {
        services = List.copyOf(services);
    }
}
