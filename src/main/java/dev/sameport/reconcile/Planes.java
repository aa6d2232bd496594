package dev.sameport.reconcile;

import dev.sameport.model.Desired;
import dev.sameport.model.EndpointId;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Problem;
import dev.sameport.model.PublishedPort;
import java.util.List;
import java.util.Map;

/// The planes together, as the loop sees them. Called from the loop's thread only, but for
/// `connections`.
public interface Planes {
    /// Makes `desired` true as far as it can and says how each published port is served; throws
    /// nothing: what fails is in the status.
    Map<PublishedPort, PortStatus> apply(Desired desired);

    /// Puts back what someone else changed.
    void repair();

    /// What keeps replicas from taking part, as far as the planes see it.
    default List<Problem> problems() {
        return List.of();
    }

    /// New connections that each endpoint got, all planes together; any thread.
    Map<EndpointId, Long> connections();
}
