package dev.sameport.model;

import java.util.List;

/// `sameport.health.path` and `.status`: what a probe asks an endpoint for, and which answers are
/// healthy.
///
/// @param path the path and query, beginning with a slash
/// @param healthy the statuses that are; redirects are not followed
public record HttpProbe(String path, List<StatusRange> healthy) {
    /// What is healthy where nothing is said: 200–399.
    public static final List<StatusRange> HEALTHY = List.of(new StatusRange(200, 399));

    public HttpProbe {
        healthy = List.copyOf(healthy);
    }

    /// Statuses from one to another, both included.
    ///
    /// @param first 100–599
    /// @param last 100–599, not less than `first`
    public record StatusRange(int first, int last) {}

    /// Whether an answer with this status is healthy.
    public boolean accepts(int status) {
        for (StatusRange range : healthy) {
            if (status >= range.first() && status <= range.last()) {
                return true;
            }
        }
        return false;
    }
}
