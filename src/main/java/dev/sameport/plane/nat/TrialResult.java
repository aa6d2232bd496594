package dev.sameport.plane.nat;

/// Whether connections that the kernel rewrote reached an endpoint over each family it has.
///
/// @param reason why not, completing "is not seen to work through nat: "; empty where it works
public record TrialResult(boolean works, String reason) {
    static final TrialResult WORKS = new TrialResult(true, "");

    static TrialResult fails(String reason) {
        return new TrialResult(false, reason);
    }
}
