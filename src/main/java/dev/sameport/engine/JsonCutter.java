package dev.sameport.engine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Cuts a stream into JSON objects. Engines write one a line; the API only says that one follows
/// the other, so line ends (or the separators of RFC 7464) between them are passed over and not
/// counted on.
final class JsonCutter {
    private static final byte RECORD_SEPARATOR = 0x1e;

    private final String where;
    private final int limit;
    private final Consumer<byte[]> each;
    private final ByteArrayOutputStream object = new ByteArrayOutputStream();
    private int depth;
    private boolean quoted;
    private boolean escaped;

    /// @param limit bytes of an object
    JsonCutter(String where, int limit, Consumer<byte[]> each) {
        this.where = where;
        this.limit = limit;
        this.each = each;
    }

    void feed(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (depth > 0 || !between(next)) {
                take(next);
            }
        }
    }

    private boolean between(byte next) {
        return switch (next) {
            case ' ', '\t', '\r', '\n', RECORD_SEPARATOR -> true;
            case '{' -> false;
            default ->
                    throw new EngineException(
                            where
                                    + ": byte 0x%02x where an event should begin"
                                            .formatted(next & 0xff));
        };
    }

    private void take(byte next) {
        if (object.size() >= limit) {
            throw new EngineException(where + ": an event is larger than " + limit + " bytes");
        }
        object.write(next);
        if (quoted) {
            inText(next);
        } else {
            outside(next);
        }
        if (depth == 0) {
            byte[] whole = object.toByteArray();
            object.reset();
            each.accept(whole);
        }
    }

    private void inText(byte next) {
        if (escaped) {
            escaped = false;
        } else if (next == '\\') {
            escaped = true;
        } else if (next == '"') {
            quoted = false;
        }
    }

    private void outside(byte next) {
        switch (next) {
            case '"' -> quoted = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {
                // Whether it is JSON is the parser's to say.
            }
        }
    }
}
