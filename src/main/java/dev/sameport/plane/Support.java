package dev.sameport.plane;

import dev.sameport.model.Problem;
import org.jspecify.annotations.Nullable;

/// What this machine can do for a plane; `problem` says why not and what to do.
///
/// @param plane `nat`, `reuseport` or `proxy`
/// @param detail what was found, such as `libnftables 1.0.6`
/// @param problem null where the plane can run
public record Support(String plane, String detail, @Nullable Problem problem) {
    public boolean available() {
        return problem == null;
    }
}
