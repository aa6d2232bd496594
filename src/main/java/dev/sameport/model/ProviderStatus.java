package dev.sameport.model;

import org.jspecify.annotations.Nullable;

/// How a provider fares.
///
/// @param detail what it is, such as `Docker 20.10.24, API 1.41`
/// @param problem why it can't look, or null
public record ProviderStatus(String name, String detail, int replicas, @Nullable Problem problem) {}
