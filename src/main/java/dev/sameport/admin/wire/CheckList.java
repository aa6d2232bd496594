package dev.sameport.admin.wire;

import java.util.List;

/// `GET /v1/doctor`.
public record CheckList(int version, List<Entry> checks) {
    /// One thing that was looked at.
    ///
    /// @param level `ok`, `warn` or `fail`
    public record Entry(String name, String level, String found, String fix) {}
}
