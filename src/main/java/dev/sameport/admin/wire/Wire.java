package dev.sameport.admin.wire;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes the records of this package. What is read is hostile: unknown, missing, null
/// and mistyped fields are errors.
public final class Wire {
    /// The version that every answer carries.
    public static final int VERSION = 1;

    private static final JsonMapper LINES =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(16)
                                                    .maxStringLength(1 << 20)
                                                    .build())
                                    .build())
                    .enable(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                            DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .build();
    private static final JsonMapper PAGES =
            LINES.rebuild().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Wire() {}

    /// One document, indented, with a newline at its end.
    public static String page(Object record) {
        return PAGES.writeValueAsString(record) + "\n";
    }

    /// One document on one line, with a newline at its end.
    public static String line(Object record) {
        return LINES.writeValueAsString(record) + "\n";
    }

    /// Reads one document.
    ///
    /// @throws IllegalArgumentException that says what is wrong with it
    public static <T> T read(String text, Class<T> type) {
        try {
            T value = LINES.readValue(text, type);
            if (value == null) {
                throw new IllegalArgumentException("the body is null");
            }
            return value;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the body " + e.getOriginalMessage(), e);
        }
    }
}
