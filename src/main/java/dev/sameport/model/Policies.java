package dev.sameport.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a service asks for besides its ports.
///
/// @param hold how long new connections wait when no endpoint is left
/// @param drain the longest drain
/// @param http how HTTP is served; null where bytes are
/// @param tls how TLS ends here; null where it does not
/// @param tcp how connections are treated
public record Policies(
        Mode mode,
        Balance balance,
        Affinity affinity,
        Duration hold,
        Duration drain,
        HealthPolicy health,
        @Nullable HttpPolicy http,
        @Nullable TlsPolicy tls,
        TcpPolicy tcp) {
    public static final Policies DEFAULT =
            new Policies(
                    Mode.AUTO,
                    Balance.RANDOM,
                    new Affinity.None(),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30),
                    HealthPolicy.DEFAULT,
                    null,
                    null,
                    TcpPolicy.DEFAULT);
}
