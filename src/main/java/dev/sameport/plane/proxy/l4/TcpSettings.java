package dev.sameport.plane.proxy.l4;

import dev.sameport.model.AddressRange;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Version;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How the TCP connections of one service are treated.
///
/// @param connectTimeout how long one connect to an endpoint may take
/// @param idle after how long a silence in both directions a relay ends; zero for never
/// @param mostConnections how many may be open at a time; 0 for any number. One more waits as long
///   as the service holds, then it is reset
/// @param sends which PROXY header an endpoint gets first; null for none
/// @param trusted who must begin with a PROXY header, which tells the client's address: whatever
///   comes from there without one is reset
/// @param serverNames the names by which a TLS client reaches this service on a port that several
///   share: exact ones, `*.x` for one label more, and `*` for the rest. Empty where the port is the
///   service's own
public record TcpSettings(
        Duration connectTimeout,
        Duration idle,
        int mostConnections,
        @Nullable Version sends,
        List<AddressRange> trusted,
        Set<String> serverNames) {
    public static final TcpSettings DEFAULT =
            new TcpSettings(Duration.ofSeconds(1), Duration.ZERO, 0, null, List.of(), Set.of());

    public TcpSettings {
        if (connectTimeout.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException(
                    "connect timeout " + connectTimeout + " is too short");
        }
        if (idle.isNegative()) {
            throw new IllegalArgumentException("idle timeout " + idle + " is negative");
        }
        if (mostConnections < 0) {
            throw new IllegalArgumentException(
                    "most connections " + mostConnections + " is negative");
        }
        trusted = List.copyOf(trusted);
        serverNames = Set.copyOf(serverNames);
    }

    /// Whether a peer at this address must begin with a PROXY header.
    boolean trusts(InetAddress peer) {
        for (AddressRange range : trusted) {
            if (range.contains(peer)) {
                return true;
            }
        }
        return false;
    }
}
