package dev.sameport.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `sameport.tcp.*` and `sameport.proxy-protocol*`: how the proxy treats the connections of a
/// service.
///
/// @param connectTimeout how long one connect to an endpoint may take; at least 1 ms
/// @param idleTimeout after how long a silence in both directions a relay ends; zero for never
/// @param connections how many may be open at a time; 0 for any number. One more waits as long as
///   the service holds, then it is reset
/// @param sends which PROXY header an endpoint gets first; null for none
/// @param trusted who must begin with a PROXY header, which tells the client's address: whatever
///   comes from there without one is reset
public record TcpPolicy(
        Duration connectTimeout,
        Duration idleTimeout,
        int connections,
        @Nullable ProxyVersion sends,
        List<AddressRange> trusted) {
    public static final TcpPolicy DEFAULT =
            new TcpPolicy(Duration.ofSeconds(1), Duration.ZERO, 0, null, List.of());

    public TcpPolicy {
        if (connectTimeout.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(
                    "connect timeout " + connectTimeout + " is shorter than 1 ms");
        }
        if (idleTimeout.isNegative()) {
            throw new IllegalArgumentException("idle timeout " + idleTimeout + " is negative");
        }
        if (connections < 0) {
            throw new IllegalArgumentException("connections " + connections + " is negative");
        }
        trusted = List.copyOf(trusted);
    }

    /// Whether a peer at this address must begin with a PROXY header.
    public boolean trusts(InetAddress peer) {
        for (AddressRange range : trusted) {
            if (range.contains(peer)) {
                return true;
            }
        }
        return false;
    }
}
