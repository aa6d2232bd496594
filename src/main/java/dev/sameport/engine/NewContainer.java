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
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Image", image);
        body.put("Labels", new TreeMap<>(labels));
        body.put("HostConfig", host);
        return JSON.writeValueAsBytes(body);
    }
}
