package dev.sameport.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Spoils JSON: as bytes (cut off, changed, doubled) or as a tree (other types, nulls, fields
/// gone).
public final class Mutation {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> TEXTS =
            List.of(
                    "",
                    " ",
                    "0",
                    "-1",
                    "99999999999999999999",
                    "65536/tcp",
                    "/",
                    "//",
                    "\u0000",
                    "a\nb",
                    "999.1.1.1",
                    "fe80::1%eth0",
                    "::ffff:1.2.3.4",
                    "9999-99-99T00:00:00Z",
                    "+999999999-12-31T23:59:59Z",
                    "\ud83d\ude00",
                    "../..",
                    "true");

    private Mutation() {}

    /// One or a few changes.
    public static byte[] of(byte[] json, SplittableRandom random) {
        return random.nextInt(3) == 0 ? bytes(json, random) : tree(json, random);
    }

    private static byte[] bytes(byte[] json, SplittableRandom random) {
        int at = random.nextInt(json.length);
        int to = at + random.nextInt(json.length - at);
        return switch (random.nextInt(3)) {
            case 0 -> Arrays.copyOf(json, at);
            case 1 -> {
                byte[] changed = json.clone();
                changed[at] = (byte) random.nextInt(256);
                yield changed;
            }
            default -> concat(Arrays.copyOf(json, to), Arrays.copyOfRange(json, at, json.length));
        };
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] tree(byte[] json, SplittableRandom random) {
        JsonNode root = MAPPER.readTree(json);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            List<JsonNode> parents = new ArrayList<>();
            parents(root, parents);
            if (!parents.isEmpty()) {
                change(parents.get(random.nextInt(parents.size())), random);
            }
        }
        return MAPPER.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    }

    private static void parents(JsonNode node, List<JsonNode> parents) {
        if (node.isContainer() && !node.isEmpty()) {
            parents.add(node);
            node.values().forEach(child -> parents(child, parents));
        }
    }

    private static void change(JsonNode parent, SplittableRandom random) {
        if (parent instanceof ObjectNode object) {
            List<String> fields = List.copyOf(object.propertyNames());
            String field = fields.get(random.nextInt(fields.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(field);
                case 1 -> {
                    JsonNode value = object.remove(field);
                    object.set(TEXTS.get(random.nextInt(TEXTS.size())), value);
                }
                default -> object.set(field, value(random));
            }
        } else if (parent instanceof ArrayNode array) {
            array.set(random.nextInt(array.size()), value(random));
        }
    }

    private static JsonNode value(SplittableRandom random) {
        return switch (random.nextInt(9)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextLong());
            case 3 -> NODES.numberNode(random.nextInt());
            case 4 -> NODES.numberNode(random.nextDouble());
            case 5 -> NODES.arrayNode().add(NODES.objectNode());
            case 6 -> NODES.objectNode().set("x", NODES.arrayNode());
            default -> NODES.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }
}
