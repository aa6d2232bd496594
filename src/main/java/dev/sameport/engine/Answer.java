package dev.sameport.engine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A bounded answer in memory. Confined to one call.
final class Answer implements UnixHttp.Sink {
    private static final int LONGEST = 400;

    private final String where;
    private final int limit;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int status;

    Answer(String where, int limit) {
        this.where = where;
        this.limit = limit;
    }

    @Override
    public void head(int status) {
        this.status = status;
    }

    @Override
    public void body(ByteBuffer piece) {
        if (bytes.size() + piece.remaining() > limit) {
            throw new EngineException(where + ": the answer is larger than " + limit + " bytes");
        }
        byte[] copy = new byte[piece.remaining()];
        piece.get(copy);
        bytes.writeBytes(copy);
    }

    int status() {
        return status;
    }

    boolean done() {
        return status >= 200 && status < 300;
    }

    boolean notFound() {
        return status == 404;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    Json json() {
        return Json.parse(where, bytes());
    }

    /// The answer as an error, with what the engine says of it.
    EngineException refusal() {
        return new EngineException(where + ": status " + status + " " + excerpt(), status);
    }

    /// Engines say why in `message`.
    private String excerpt() {
        String text = bytes.toString(StandardCharsets.UTF_8).strip();
        if (text.startsWith("{")) {
            try {
                String message = json().text("message");
                text = message.isEmpty() ? text : message;
            } catch (EngineException _) {
                // Shown as it is.
            }
        }
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }
}
