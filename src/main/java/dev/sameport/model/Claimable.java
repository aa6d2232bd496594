package dev.sameport.model;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// What a service can claim: a published port, or one server name on a port that services share.
///
/// @param serverName the name that TLS clients ask for, in lower case: exact, `*.example.org`, or
///   `*` for the rest; null for the whole port
public record Claimable(PublishedPort published, @Nullable String serverName)
        implements Comparable<Claimable> {
    private static final Comparator<Claimable> ORDER =
            Comparator.comparing(Claimable::published)
                    .thenComparing(
                            Claimable::serverName,
                            Comparator.nullsFirst(Comparator.naturalOrder()));

    /// A whole port.
    public static Claimable whole(PublishedPort published) {
        return new Claimable(published, null);
    }

    /// Whether only one of the two can be had. Names are told apart on exactly the same port only:
    /// each port has a listener of its own.
    public boolean overlaps(Claimable other) {
        boolean apart =
                serverName != null
                        && other.serverName != null
                        && published.equals(other.published)
                        && !serverName.equals(other.serverName);
        return !apart && published.overlaps(other.published);
    }

    @Override
    public int compareTo(Claimable other) {
        return ORDER.compare(this, other);
    }
}
