package dev.sameport.provider;

import dev.sameport.model.ReplicaId;
import java.time.Instant;

/// News that can't be read back from the engine's state, or that must not wait for it.
public sealed interface Signal {
    ReplicaId replica();

    /// The stop signal was sent, or is about to be: drain.
    record Stopping(ReplicaId replica, Instant at) implements Signal {}

    /// Its process has ended.
    record Died(ReplicaId replica, Instant at) implements Signal {}
}
