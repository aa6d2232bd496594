package dev.sameport.model;

import java.time.Instant;

/// One line of `sameport events`: a state change, once, at the place where it happened.
///
/// @param subject what changed, such as `service web` or `endpoint web-2:8080`
/// @param text what happened, such as `starting → ready` or `80/tcp served by nat`
public record Change(long generation, Instant at, String subject, String text) {}
