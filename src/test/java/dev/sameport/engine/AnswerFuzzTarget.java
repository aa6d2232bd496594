package dev.sameport.engine;

/// An engine's JSON, taken for each of the things that an engine tells: read or refused with an
/// [EngineException], and nothing that is read is out of its range.
public final class AnswerFuzzTarget {
    private AnswerFuzzTarget() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            Json json = Json.parse("fuzz", input);
            refusedOr(() -> check(Container.read(json)));
            refusedOr(() -> Network.read(json));
            refusedOr(() -> EngineEvent.read(json));
        } catch (EngineException _) {
            // No JSON, as it says.
        }
    }

    private static void refusedOr(Runnable reading) {
        try {
            reading.run();
        } catch (EngineException _) {
            // Refused, as it says.
        }
    }

    private static void check(Container container) {
        boolean ports =
                container.ports().stream()
                        .allMatch(port ->
                                port.hostPort() >>> 16 == 0 && port.containerPort() >>> 16 == 0);
        if (container.id().isEmpty() || container.pid() < 0 || !ports) {
            throw new AssertionError(container.toString());
        }
    }
}
