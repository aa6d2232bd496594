package dev.sameport.metrics;

/// The names of all meters (Prometheus conventions: base units, `_total` for what only grows).
public final class MeterNames {
    /// New connections, by service and replica.
    public static final String CONNECTIONS = "sameport_endpoint_connections_total";

    /// 1 for the phase that an endpoint is in, by service, replica and phase.
    public static final String PHASE = "sameport_endpoint_phase";

    /// Endpoints that new connections go to, by service and published port.
    public static final String SERVING = "sameport_port_serving_endpoints";

    /// The number of the applied state.
    public static final String GENERATION = "sameport_generation";

    /// Things that a person should mend.
    public static final String PROBLEMS = "sameport_problems";

    private MeterNames() {}
}
