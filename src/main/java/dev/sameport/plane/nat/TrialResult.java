package dev.sameport.plane.nat;

import dev.sameport.model.Family;
import java.util.Set;

/// Over which families a connection that the kernel rewrote reached an endpoint.
///
/// @param families those over which it did
/// @param reason why not over the others that the endpoint has an address of, completing "is not
///   seen to work through nat: "; empty where it did over all
public record TrialResult(Set<Family> families, String reason) {
    public TrialResult {
        families = Set.copyOf(families);
    }

    static TrialResult fails(String reason) {
        return new TrialResult(Set.of(), reason);
    }

    /// Whether there is a family that works; what comes over another is served by the listener.
    public boolean works() {
        return !families.isEmpty();
    }
}
