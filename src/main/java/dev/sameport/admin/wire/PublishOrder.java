package dev.sameport.admin.wire;

import java.util.List;
import java.util.SortedMap;

/// The body of `POST /v1/publish`.
///
/// @param name the service's
/// @param settings every `sameport.*` label, `sameport.publish` included
/// @param endpoints containers' names or ids, or `address:port`
public record PublishOrder(
        String name, SortedMap<String, String> settings, List<String> endpoints) {}
