package dev.sameport.admin.wire;

import java.util.List;

/// `GET /v1/replicas`.
///
/// @param at when, as ISO 8601 in UTC
public record ReplicaList(
        int version,
        long generation,
        String at,
        List<Entry> replicas,
        List<ProblemEntry> problems) {
    /// One endpoint of a replica.
    ///
    /// @param provider who saw it, such as `docker`, `run` or `address`
    /// @param id its id there, whole
    /// @param addresses where it listens, IPv4 first
    /// @param ports the published ports that lead to it
    /// @param phase `starting`, `ready`, `unhealthy`, `paused`, `draining` or `gone`
    /// @param accepting whether its last TCP connect succeeded
    /// @param serving whether new connections go to it
    /// @param nat whether the kernel's rules were seen to reach it
    /// @param via how this host gets there: a bridge, `host`, `published …` or `address`
    public record Entry(
            String service,
            String replica,
            String provider,
            String id,
            List<String> addresses,
            List<String> ports,
            String phase,
            boolean accepting,
            boolean serving,
            boolean nat,
            int weight,
            long connections,
            String via) {}
}
