package dev.sameport.health;

import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Reach;

/// Which addresses of an endpoint this host connects to.
public final class EndpointAddress {
    private EndpointAddress() {}

    /// Its own, or the loopback port that the engine published where that is the only way.
    public static EndpointAddresses of(EndpointSpec spec) {
        return spec.reach() instanceof Reach.ThroughPublished(var published)
                ? EndpointAddresses.of(published)
                : spec.addresses();
    }
}
