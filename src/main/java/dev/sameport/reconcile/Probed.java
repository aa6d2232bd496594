package dev.sameport.reconcile;

import dev.sameport.model.EndpointId;
import org.jspecify.annotations.Nullable;

/// The outcome of one probe.
///
/// @param accepted whether a TCP connect succeeded
/// @param healthy whether it gave the answer that its service's probe wants, too
/// @param natWorks whether a connection through the kernel's rules arrived; empty where that was
///   not tried this time
/// @param trying whether that is being tried, so that another report follows in a moment
public record Probed(
        EndpointId endpoint,
        boolean accepted,
        boolean healthy,
        @Nullable Boolean natWorks,
        boolean trying) {

    /// That of one that is only asked to accept, and that no other follows.
    public Probed(EndpointId endpoint, boolean accepted, @Nullable Boolean natWorks) {
        this(endpoint, accepted, accepted, natWorks, false);
    }
}
