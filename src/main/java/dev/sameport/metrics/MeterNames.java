package dev.sameport.metrics;

import java.util.List;

/// Every meter: its name is public and never changes its meaning.
public final class MeterNames {
    /// What a Prometheus client is told about a meter.
    ///
    /// @param type `counter` or `gauge`
    /// @param help one line
    public record Meter(String name, String type, String help) {}

    public static final Meter INFO =
            new Meter("sameport_info", "gauge", "1, with the program's version.");
    public static final Meter GENERATION =
            new Meter("sameport_generation", "gauge", "The number of the applied state.");
    public static final Meter PROBLEMS =
            new Meter("sameport_problems", "gauge", "Things that a person should mend.");
    public static final Meter PROVIDER_UP =
            new Meter("sameport_provider_up", "gauge", "1 where a provider can look, else 0.");
    public static final Meter PROVIDER_REPLICAS =
            new Meter("sameport_provider_replicas", "gauge", "Replicas that a provider sees.");
    public static final Meter PORT_PLANE =
            new Meter(
                    "sameport_port_plane",
                    "gauge",
                    "1, with the plane that carries a published port.");
    public static final Meter PORT_SERVING =
            new Meter(
                    "sameport_port_serving_endpoints",
                    "gauge",
                    "Endpoints that a published port's new connections go to.");
    public static final Meter ENDPOINTS =
            new Meter("sameport_endpoints", "gauge", "Endpoints of a service by phase.");
    public static final Meter CONNECTIONS =
            new Meter(
                    "sameport_connections_total",
                    "counter",
                    "New connections that an endpoint got, all planes together.");

    /// All of them, in the order in which they are written.
    public static final List<Meter> ALL =
            List.of(
                    INFO,
                    GENERATION,
                    PROBLEMS,
                    PROVIDER_UP,
                    PROVIDER_REPLICAS,
                    PORT_PLANE,
                    PORT_SERVING,
                    ENDPOINTS,
                    CONNECTIONS);

    private MeterNames() {}
}
