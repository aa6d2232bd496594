package dev.sameport.plane.nat;

import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.PublishedPort;
import java.util.SortedSet;

/// One published port as the rules see it.
///
/// @param service its service's name, for a person who reads the rules
/// @param dispatch whether the kernel rewrites its new connections
/// @param refused whether its new connections are reset
/// @param bridges the bridges that hold an endpoint: what comes from there is the listener's
/// @param ipv4 the choice among IPv4 endpoints
/// @param ipv6 the choice among IPv6 endpoints
record NatPort(
        PublishedPort published,
        String service,
        boolean dispatch,
        boolean refused,
        SortedSet<String> bridges,
        Slots ipv4,
        Slots ipv6) {

    /// The name of its chain, and the beginning of the names of its set and maps: `tcp_80`,
    /// `tcp_80_ipv4`, `tcp_80_198_18_0_1`.
    String chain() {
        String base = published.protocol().text() + "_" + published.port();
        return switch (published.address()) {
            case HostAddress.Any _ -> base;
            case HostAddress.AnyOf(Family family) ->
                    base + (family == Family.IPV4 ? "_ipv4" : "_ipv6");
            case HostAddress.One(var address) ->
                    base
                            + "_"
                            + address.getHostAddress()
                                    .replaceAll("%.*", "")
                                    .replaceAll("[^0-9A-Za-z]", "_");
        };
    }

    Slots slots(Family family) {
        return family == Family.IPV4 ? ipv4 : ipv6;
    }

    boolean covers(Family family) {
        return published.address().covers(family);
    }
}
