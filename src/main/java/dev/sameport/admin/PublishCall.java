package dev.sameport.admin;

import java.util.List;
import java.util.SortedMap;

/// What `sameport publish` sends. @param endpoints container names or ids, or `address:port`
public record PublishCall(
        String name, SortedMap<String, String> settings, List<String> endpoints) {}
