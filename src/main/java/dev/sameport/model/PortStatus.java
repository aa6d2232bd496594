package dev.sameport.model;

import org.jspecify.annotations.Nullable;

/// How one published port is served at the moment.
///
/// @param plane `nat`, `reuseport`, `proxy`, or `none` where the port could not be had
/// @param reason why that plane, completing "served by …: "; empty where there is nothing to say
/// @param conflict what keeps the port from being ours, or null
public record PortStatus(
        PublishedPort published, String plane, String reason, @Nullable Problem conflict) {}
