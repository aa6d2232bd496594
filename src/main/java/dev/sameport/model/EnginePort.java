package dev.sameport.model;

import java.net.InetSocketAddress;

/// A port that the engine itself published for a container (`docker run -p`).
///
/// @param host the host address (wildcards included) and port that the engine holds
/// @param containerPort the port in the container
public record EnginePort(InetSocketAddress host, int containerPort, Protocol protocol) {}
