package dev.sameport.model;

import java.net.Inet4Address;
import java.net.Inet6Address;
import org.jspecify.annotations.Nullable;

/// A replica's place on one network.
///
/// @param network the network's name, as in `docker network ls`
/// @param ipv4 its address there, null where the network has none
/// @param ipv6 its global IPv6 address there, null where the network has none
/// @param defaultRoute whether the replica's default route is through this network
/// @param internal whether the network was made `--internal`: never published from
/// @param reach how this host gets there
public record Attachment(
        String network,
        @Nullable Inet4Address ipv4,
        @Nullable Inet6Address ipv6,
        boolean defaultRoute,
        boolean internal,
        Reach reach) {}
