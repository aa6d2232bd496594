package dev.sameport.engine.sandbox;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container that owns a network namespace which replicas join, made by `sameport sandbox
/// create`.
///
/// @param name as it was given
/// @param container the container's name
/// @param id the container's id
/// @param status `running`, `exited` …, as the engine says
/// @param image what it runs
/// @param address by which it is reached, or null where it has none
/// @param labels of its container
/// @param members the containers that were made with `--network container:…` of it, by name
public record Sandbox(
        String name,
        String container,
        String id,
        String status,
        String image,
        @Nullable InetAddress address,
        Map<String, String> labels,
        List<Member> members) {
    /// Before the name of a sandbox, the name of its container.
    public static final String CONTAINER_PREFIX = "sameport-";

    /// A container that joined the namespace. @param status as the engine says
    public record Member(String name, String id, String status) {}

    public Sandbox {
        labels = Map.copyOf(labels);
        members = List.copyOf(members);
    }
}
