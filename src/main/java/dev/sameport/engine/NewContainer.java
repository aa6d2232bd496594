package dev.sameport.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// A container to be made that may do as little as possible: a read-only root, no capabilities, no
/// new privileges, no published port, and its image's own command.
///
/// @param image a name that the engine knows; nothing is pulled
/// @param network a network's name; empty for the engine's default
/// @param restart the engine's restart policy, such as `unless-stopped`
public record NewContainer(
        String name, String image, Map<String, String> labels, String network, String restart) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Few are needed. Without any said, Podman asks for a million, which an engine that runs
    /// without CAP_SYS_RESOURCE, such as one in a container, is not given.
    private static final int FILES = 256;

    /// Of all containers of one user together.
    private static final int PROCESSES = 4096;

    public NewContainer {
        labels = Map.copyOf(labels);
    }

    /// The body of `POST /containers/create`.
    byte[] json() {
        Map<String, Object> host = new LinkedHashMap<>();
        if (!network.isEmpty()) {
            host.put("NetworkMode", network);
        }
        host.put("RestartPolicy", Map.of("Name", restart));
        host.put("ReadonlyRootfs", true);
        host.put("CapDrop", List.of("ALL"));
        host.put("SecurityOpt", List.of("no-new-privileges"));
        host.put("Ulimits", List.of(limit("nofile", FILES), limit("nproc", PROCESSES)));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Image", image);
        body.put("Labels", new TreeMap<>(labels));
        body.put("HostConfig", host);
        return JSON.writeValueAsBytes(body);
    }

    private static Map<String, Object> limit(String name, int most) {
        Map<String, Object> limit = new LinkedHashMap<>();
        limit.put("Name", name);
        limit.put("Soft", most);
        limit.put("Hard", most);
        return limit;
    }
}
