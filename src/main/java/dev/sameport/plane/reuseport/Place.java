package dev.sameport.plane.reuseport;

import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Replica;
import dev.sameport.model.Sandbox;
import dev.sameport.model.SandboxPort;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A port of one network namespace: a sandbox that is restarted has another namespace.
///
/// @param sandbox its owner, or `host`
/// @param run when its owner was started
record Place(String sandbox, Instant run, int port) {
    private static final String HOST = "host";

    /// Whether it is in the host's own namespace, beside servers that have nothing to do with us.
    boolean onHost() {
        return sandbox.equals(HOST);
    }

    static Place of(SandboxPort shared) {
        return of(shared.sandbox(), shared.port());
    }

    /// Where an endpoint listens beside others, or null.
    static @Nullable Place of(EndpointSpec endpoint) {
        Sandbox sandbox = endpoint.sandbox();
        return sandbox == null ? null : of(sandbox, endpoint.id().port());
    }

    private static Place of(Sandbox sandbox, int port) {
        Replica owner = sandbox.owner();
        return owner == null
                ? new Place(HOST, Instant.EPOCH, port)
                : new Place(owner.id().provider() + "/" + owner.id().id(), owner.startedAt(), port);
    }
}
