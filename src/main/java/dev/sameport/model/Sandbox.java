package dev.sameport.model;

import org.jspecify.annotations.Nullable;

/// A network namespace in which replicas listen on one and the same port.
///
/// @param name what people call it: its container's name, or `host`
/// @param owner the container that owns the namespace, null where it is this host's own
/// @param holdsPort whether the replicas themselves (in the host's namespace) or the engine (for a
///   pod) hold the published port, so that there must be neither a listener nor a rewrite for it
public record Sandbox(String name, @Nullable Replica owner, boolean holdsPort) {}
