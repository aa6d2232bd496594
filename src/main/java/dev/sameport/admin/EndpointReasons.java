package dev.sameport.admin;

import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.Replica.Health;
import dev.sameport.model.Sandbox;
import org.jspecify.annotations.Nullable;

/// Why an endpoint is as it is, as sentences.
final class EndpointReasons {
    private EndpointReasons() {}

    /// The phase and what it follows from.
    static String phase(Endpoint endpoint) {
        return Tables.word(endpoint.phase()) + ": " + why(endpoint);
    }

    private static String why(Endpoint endpoint) {
        Health health = health(endpoint.spec().replica());
        return switch (endpoint.phase()) {
            case STARTING -> starting(endpoint, health);
            case READY ->
                    health == Health.HEALTHY
                            ? "its HEALTHCHECK is healthy"
                            : "it accepts connections";
            case UNHEALTHY -> unhealthy(endpoint, health);
            case PAUSED -> "the engine paused it; it comes back when it is unpaused";
            case DRAINING -> "it is being stopped; open connections may finish";
            case GONE -> "its process has ended";
        };
    }

    private static Health health(@Nullable Replica replica) {
        return replica == null ? Health.NONE : replica.health();
    }

    private static String starting(Endpoint endpoint, Health health) {
        if (health == Health.STARTING) {
            return "its HEALTHCHECK has not passed yet";
        }
        return endpoint.accepting()
                ? "it accepts connections and joins as soon as its probe passes"
                : "nothing accepts connections at "
                        + endpoint.spec().addresses()
                        + " yet; does the app listen on 0.0.0.0?";
    }

    private static String unhealthy(Endpoint endpoint, Health health) {
        if (health == Health.UNHEALTHY) {
            return "its HEALTHCHECK fails";
        }
        return endpoint.accepting()
                ? "its probes have not passed often enough in a row"
                : "nothing accepts connections at " + endpoint.spec().addresses();
    }

    /// Whether new connections go to it.
    static String intake(Endpoint endpoint) {
        if (!endpoint.serving()) {
            return "none";
        }
        int weight = endpoint.spec().weight().value();
        return endpoint.phase() == Phase.READY
                ? weight == 0 ? "none, its weight is 0" : "yes, weight " + weight
                : "yes, though it is not ready, because none of the service is (sameport.health=strict turns that off)";
    }

    /// How this host gets there, and what that means for the planes.
    static String way(Endpoint endpoint) {
        String via = Tables.by(endpoint.spec());
        Sandbox sandbox = endpoint.spec().sandbox();
        if (sandbox != null && sandbox.holdsPort()) {
            return "the replicas of "
                    + sandbox.name()
                    + " share the port in their network, which holds the host's port itself";
        }
        if (sandbox != null) {
            return "the replicas of "
                    + sandbox.name()
                    + " share its port and address ("
                    + via
                    + ")"
                    + (endpoint.natWorks() ? "; nat was seen to reach them" : "");
        }
        return switch (endpoint.spec().reach()) {
            case Reach.OnBridge(_) ->
                    "bridge "
                            + via
                            + (endpoint.natWorks()
                                    ? "; nat was seen to reach it"
                                    : "; nat was not seen to reach it, the listener serves it");
            case Reach.OnHost() -> "it shares the host's network; the listener serves it";
            case Reach.ThroughPublished(_) ->
                    "port " + via + " by its engine; the listener serves it";
            case Reach.Plain() -> "an address that a person gave; the listener serves it";
            case Reach.Unreachable(_) -> via;
        };
    }
}
