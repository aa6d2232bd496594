package dev.sameport.admin.wire;

import java.util.List;

/// `GET /v1/services`.
///
/// @param at when, as ISO 8601 in UTC
public record ServiceList(
        int version,
        long generation,
        String at,
        List<Entry> services,
        List<ProblemEntry> problems) {
    /// One service.
    public record Entry(String name, List<Port> ports) {}

    /// One published port.
    ///
    /// @param port as in `docker run -p`, such as `127.0.0.1:80/tcp`
    /// @param plane `nat`, `reuseport`, `proxy` or `none`
    /// @param reason why that plane; may be empty
    /// @param intake what happens to a new connection: `serve`, `hold` or `refuse`
    /// @param ready how many endpoints are ready
    /// @param serving how many endpoints new connections go to
    /// @param endpoints how many there are, draining ones included
    /// @param connections new connections of its endpoints; ports that lead to the same endpoints
    ///   share them
    /// @param conflict what keeps the port from being ours; no elements or one
    public record Port(
            String port,
            String plane,
            String reason,
            String intake,
            int ready,
            int serving,
            int endpoints,
            long connections,
            List<ProblemEntry> conflict) {}
}
