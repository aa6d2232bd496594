package dev.sameport.model;

import java.time.Duration;

/// How the engine stops a container: the signal it sends and how long it waits before SIGKILL.
public record StopPolicy(String signal, Duration timeout) {
    /// The engines' default: SIGTERM, then 10 s.
    public static final StopPolicy DEFAULT = new StopPolicy("SIGTERM", Duration.ofSeconds(10));
}
