package dev.sameport.balance;

import dev.sameport.model.Balance;

/// Chooses one endpoint of a table for a new connection. Immutable; any thread.
///
/// An endpoint of weight 0 or one that the situation excludes is never chosen.
public sealed interface Chooser permits WeightedRandom, RoundRobin, LeastConnections, Hash {
    /// No endpoint may be chosen.
    int NONE = -1;

    /// The index of the chosen endpoint, or `NONE`.
    int choose(Situation situation);

    /// The chooser for `sameport.balance`.
    ///
    /// @param weights one for each endpoint, 0–1000
    /// @param keys one for each endpoint, the same for as long as it is the same endpoint
    static Chooser of(Balance balance, int[] weights, long[] keys) {
        return switch (balance) {
            case RANDOM -> WeightedRandom.of(weights);
            case ROUNDROBIN -> RoundRobin.of(weights);
            case LEASTCONN -> LeastConnections.of(weights);
            case HASH -> Hash.of(weights, keys);
        };
    }
}
