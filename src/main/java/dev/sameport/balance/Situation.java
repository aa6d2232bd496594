package dev.sameport.balance;

import java.util.random.RandomGenerator;

/// What a choice may depend on besides the weights. Indexes are those of the chooser's table.
///
/// A chooser asks only for what it needs, so a costly answer costs nothing where it isn't used.
public interface Situation {
    /// Where chance comes from.
    RandomGenerator random();

    /// The number of this connection on its published port: grows by one with each.
    long turn();

    /// The key of the client; at random where none is known, so that each is a client of its own.
    default long clientKey() {
        return random().nextLong();
    }

    /// The connections that the endpoint carries now.
    int active(int index);

    /// Whether the endpoint is out of the question, for instance because it was just tried.
    boolean excluded(int index);
}
