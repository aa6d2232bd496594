package dev.sameport.balance;

import dev.sameport.model.Balance;

/// Chooses one endpoint of a table for a new connection. Immutable; any thread.
///
/// An endpoint of weight 0 or one that the situation excludes is never chosen.
public sealed interface Chooser permits WeightedRandom, RoundRobin, LeastConnections {
    /// No endpoint may be chosen.
    int NONE = -1;

    /// The index of the chosen endpoint, or `NONE`.
    int choose(Situation situation);

    /// The chooser for `sameport.balance`.
    ///
    /// `HASH` needs a client that the situation doesn't tell yet: it chooses at random.
    ///
    /// @param weights one for each endpoint, 0–1000
    static Chooser of(Balance balance, int[] weights) {
        return switch (balance) {
            case RANDOM, HASH -> WeightedRandom.of(weights);
            case ROUNDROBIN -> RoundRobin.of(weights);
            case LEASTCONN -> LeastConnections.of(weights);
        };
    }
}
