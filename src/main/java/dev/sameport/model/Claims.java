package dev.sameport.model;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which service holds which published port. Who claimed it first keeps it; persisted.
///
/// @param holders the service that holds each port
/// @param reserved those that are kept for their holder although nobody asks for them at present:
///   it is being replaced, or may be seen only by an engine that has not answered yet
public record Claims(
        SortedMap<PublishedPort, ServiceName> holders, SortedSet<PublishedPort> reserved) {
    public static final Claims NONE = new Claims(new TreeMap<>());

    public Claims {
        holders = Collections.unmodifiableSortedMap(new TreeMap<>(holders));
        reserved = Collections.unmodifiableSortedSet(new TreeSet<>(reserved));
        if (!holders.keySet().containsAll(reserved)) {
            throw new IllegalArgumentException(
                    "reserved " + reserved + ", but held are only " + holders.keySet());
        }
    }

    /// Claims of which none is reserved.
    public Claims(SortedMap<PublishedPort, ServiceName> holders) {
        this(holders, new TreeSet<>());
    }

    /// Claims from any map.
    public static Claims of(Map<PublishedPort, ServiceName> holders) {
        return new Claims(new TreeMap<>(holders));
    }

    /// The same holders, and exactly these ports reserved, as far as they are held.
    public Claims reserving(Collection<PublishedPort> ports) {
        TreeSet<PublishedPort> held = new TreeSet<>(ports);
        held.retainAll(holders.keySet());
        return new Claims(holders, held);
    }
}
