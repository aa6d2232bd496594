package dev.sameport.model;

import java.net.InetAddress;

/// The part of a published port that says on which of the host's addresses it is.
///
/// Docker's meaning is kept exactly: no address is both families, `0.0.0.0` is IPv4 only, `[::]` is
/// IPv6 only.
public sealed interface HostAddress {

    /// Every address of both families.
    record Any() implements HostAddress {
        @Override
        public boolean covers(Family family) {
            return true;
        }

        @Override
        public String text() {
            return "";
        }
    }

    /// Every address of one family.
    record AnyOf(Family family) implements HostAddress {
        @Override
        public boolean covers(Family other) {
            return family == other;
        }

        @Override
        public String text() {
            return family == Family.IPV4 ? "0.0.0.0" : "[::]";
        }
    }

    /// One address, loopback included.
    record One(InetAddress address) implements HostAddress {
        public One {
            if (address.isAnyLocalAddress()) {
                throw new IllegalArgumentException(
                        "host address "
                                + address.getHostAddress()
                                + " is a wildcard, not one address");
            }
        }

        @Override
        public boolean covers(Family other) {
            return Family.of(address) == other;
        }

        @Override
        public String text() {
            return Addresses.text(address);
        }
    }

    /// Both families, as `-p 80:80` asks for.
    static HostAddress any() {
        return new Any();
    }

    /// Whether connections of this family can come to it.
    boolean covers(Family family);

    /// As in `docker run -p`: empty, `0.0.0.0`, `127.0.0.1`, `[::1]`.
    String text();

    /// Whether one connection could be meant for both: their sockets could not both be bound.
    default boolean overlaps(HostAddress other) {
        if (this instanceof One(InetAddress mine) && other instanceof One(InetAddress theirs)) {
            return mine.equals(theirs);
        }
        return bothCover(other, Family.IPV4) || bothCover(other, Family.IPV6);
    }

    private boolean bothCover(HostAddress other, Family family) {
        return covers(family) && other.covers(family);
    }
}
