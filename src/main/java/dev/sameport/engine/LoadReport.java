package dev.sameport.engine;

import java.nio.ByteBuffer;

/// What an engine tells while it imports an image: status 200, and objects of JSON one after the
/// other, of which one may be the error.
final class LoadReport {
    private static final int MAX_OBJECT = 64 * 1024;

    private LoadReport() {}

    /// @throws EngineException when one of them is an error
    static void check(String where, byte[] report) {
        JsonCutter cutter =
                new JsonCutter(
                        where,
                        MAX_OBJECT,
                        text -> {
                            String error = Json.parse(where, text).text("error");
                            if (!error.isEmpty()) {
                                throw new EngineException(where + ": " + error);
                            }
                        });
        cutter.feed(ByteBuffer.wrap(report));
    }
}
