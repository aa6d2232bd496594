package dev.sameport.engine;

import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads engine answers field by field: unknown fields are passed over (engines add some), a needed
/// one that is missing or of another type is an error by name.
///
/// @param where of which engine, to which question
/// @param path of `node` in the answer, such as `State.Health`; empty for the whole
record Json(String where, String path, JsonNode node) {
    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(64)
                                                    .maxStringLength(1 << 20)
                                                    .build())
                                    .build())
                    .build();

    static Json parse(String where, byte[] text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new EngineException(where + ": the answer is empty");
            }
            return new Json(where, "", node);
        } catch (JacksonException e) {
            throw new EngineException(
                    where + ": the answer is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private EngineException wrong(String field, String expected) {
        return new EngineException(where + ": field " + below(field) + " is not " + expected);
    }

    private String below(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    String needText(String field) {
        String value = text(field);
        if (value.isEmpty()) {
            throw wrong(field, "a text");
        }
        return value;
    }

    /// Empty where it is absent or null.
    String text(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isString()) {
            throw wrong(field, "a text");
        }
        return value.stringValue();
    }

    /// `fallback` where it is absent or null.
    long number(String field, long fallback) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return fallback;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(field, "a whole number");
        }
        return value.longValue();
    }

    int integer(String field, int min, int max, int fallback) {
        long value = number(field, fallback);
        if (value < min || value > max) {
            throw wrong(field, "within " + min + "–" + max);
        }
        return (int) value;
    }

    boolean flag(String field) {
        return node.path(field).asBoolean(false);
    }

    /// An empty object where it is absent or null.
    Json object(String field) {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
            throw wrong(field, "an object");
        }
        return new Json(where, below(field), value);
    }

    void fields(BiConsumer<String, Json> each) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            each.accept(entry.getKey(), new Json(where, below(entry.getKey()), entry.getValue()));
        }
    }

    /// The elements of the array in `field`.
    Iterable<Json> list(String field) {
        return new Json(where, below(field), node.path(field)).elements();
    }

    /// The elements of an array; nothing where it is absent or null.
    Iterable<Json> elements() {
        if (!node.isArray() && !node.isMissingNode() && !node.isNull()) {
            throw notAList();
        }
        return () -> node.values().stream().map(value -> new Json(where, path, value)).iterator();
    }

    /// The elements of an array that has to be there.
    Iterable<Json> needElements() {
        if (!node.isArray()) {
            throw notAList();
        }
        return elements();
    }

    private EngineException notAList() {
        return new EngineException(
                where
                        + ": "
                        + (path.isEmpty() ? "the answer" : "field " + path)
                        + " is not a list");
    }

    Map<String, String> texts(String field) {
        TreeMap<String, String> texts = new TreeMap<>();
        object(field)
                .fields((key, value) ->
                        texts.put(key, value.node().isString() ? value.node().stringValue() : ""));
        return texts;
    }

    /// Null where it is absent, null or empty.
    @Nullable InetAddress address(String field) {
        String value = text(field);
        if (value.isEmpty()) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(value);
        } catch (IllegalArgumentException _) {
            throw wrong(field, "an IP address");
        }
    }

    /// The epoch where it is absent, empty or the zero time that means "never".
    Instant time(String field) {
        String value = text(field);
        try {
            Instant time =
                    value.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(value).toInstant();
            return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
        } catch (DateTimeException _) {
            throw wrong(field, "a time");
        }
    }
}
