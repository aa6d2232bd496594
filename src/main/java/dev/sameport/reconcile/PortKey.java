package dev.sameport.reconcile;

import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServiceName;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whose port it is that is remembered.
///
/// @param sharer the service, where others may share the port; null where there is one at a time,
///   so that a successor of another name goes on with what is remembered
record PortKey(PublishedPort published, @Nullable ServiceName sharer)
        implements Comparable<PortKey> {
    private static final Comparator<PortKey> ORDER =
            Comparator.comparing(PortKey::published)
                    .thenComparing(
                            PortKey::sharer, Comparator.nullsFirst(Comparator.naturalOrder()));

    static PortKey of(PublishedPort published, ServiceName service, List<String> serverNames) {
        return new PortKey(published, serverNames.isEmpty() ? null : service);
    }

    /// Whether only one of the two can be had.
    boolean excludes(PortKey other) {
        return published.overlaps(other.published)
                && (sharer == null
                        || other.sharer == null
                        || sharer.equals(other.sharer)
                        || !published.equals(other.published));
    }

    @Override
    public int compareTo(PortKey other) {
        return ORDER.compare(this, other);
    }
}
