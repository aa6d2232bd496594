package dev.sameport.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which service holds which published port. Who claimed it first keeps it; persisted.
public record Claims(SortedMap<PublishedPort, ServiceName> holders) {
    public static final Claims NONE = new Claims(new TreeMap<>());

    public Claims {
        holders = Collections.unmodifiableSortedMap(new TreeMap<>(holders));
    }

    /// Claims from any map.
    public static Claims of(Map<PublishedPort, ServiceName> holders) {
        return new Claims(new TreeMap<>(holders));
    }
}
