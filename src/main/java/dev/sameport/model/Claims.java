package dev.sameport.model;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which service holds which published port, or which server name on a port that services share.
/// Who claimed it first keeps it; persisted.
///
/// @param holders the service that holds each
/// @param reserved those that are kept for their holder although nobody asks for them at present:
///   it is being replaced, or may be seen only by an engine that has not answered yet
public record Claims(SortedMap<Claimable, ServiceName> holders, SortedSet<Claimable> reserved) {
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
    public Claims(SortedMap<Claimable, ServiceName> holders) {
        this(holders, new TreeSet<>());
    }

    /// Claims of whole ports.
    public static Claims of(Map<PublishedPort, ServiceName> holders) {
        TreeMap<Claimable, ServiceName> whole = new TreeMap<>();
        holders.forEach((published, holder) -> whole.put(Claimable.whole(published), holder));
        return new Claims(whole);
    }

    /// The same holders, and exactly these reserved, as far as they are held.
    public Claims reserving(Collection<Claimable> kept) {
        TreeSet<Claimable> held = new TreeSet<>(kept);
        held.retainAll(holders.keySet());
        return new Claims(holders, held);
    }
}
