package dev.sameport.plane.nat;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The table's listing without what changes by itself: counters, time left, handles, and the
/// elements of trials.
final class Fingerprint {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> MOVING =
            Set.of("packets", "bytes", "expires", "timeout", "handle");

    private Fingerprint() {}

    static String of(String json) {
        try {
            JsonNode tree = JSON.readTree(json);
            strip(tree);
            return tree.toString();
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "nft's answer is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(MOVING);
            if (object.path("name").asString("").startsWith("trial")) {
                object.remove("elem");
            }
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.values().forEach(Fingerprint::strip);
        }
    }
}
