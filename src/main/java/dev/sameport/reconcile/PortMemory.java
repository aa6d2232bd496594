package dev.sameport.reconcile;

import dev.sameport.model.Claimable;
import dev.sameport.model.Policies;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is remembered about one published port from pass to pass.
///
/// @param service who holds it
/// @param emptySince when its last serving endpoint left; null while one serves
/// @param permanent whether it is given back only when a person says so
/// @param heldBySandbox whether its replicas or their engine hold the port themselves: a listener
///   that waits for their successor would be in its way
/// @param serverNames its names on a port that others may share; empty where the port is its own
public record PortMemory(
        ServiceName service,
        Policies policies,
        @Nullable Instant emptySince,
        boolean permanent,
        boolean heldBySandbox,
        List<String> serverNames) {
    public PortMemory {
        serverNames = List.copyOf(serverNames);
    }

    /// What is claimed at `published`.
    Stream<Claimable> claimed(PublishedPort published) {
        return serverNames.isEmpty()
                ? Stream.of(Claimable.whole(published))
                : serverNames.stream().map(name -> new Claimable(published, name));
    }

    /// When new connections stop being held; null while an endpoint serves.
    @Nullable Instant heldUntil() {
        return emptySince == null ? null : emptySince.plus(policies.hold());
    }

    /// Whether an endpoint serves, or a successor of the last one is still waited for.
    boolean mayReturnAt(Instant now) {
        Instant until = heldUntil();
        return until == null || now.isBefore(until);
    }
}
