package dev.sameport.engine;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/// One event of the engine's stream.
///
/// @param type `container` or `network`
/// @param action `start`, `kill`, `die`, … in Docker's words, lower case; `health_status` without
///   what follows the colon
/// @param id what it is about; for Podman's `connect` and `disconnect` the container
/// @param attributes `signal`, `name`, `container` (for network events), …
public record EngineEvent(
        String type, String action, String id, Map<String, String> attributes, Instant at) {
    private static final long NANOS = 1_000_000_000L;

    static EngineEvent read(Json json) {
        Json actor = json.object("Actor");
        String action = json.text("Action").toLowerCase(Locale.ROOT);
        int colon = action.indexOf(':');
        long nanos = json.number("timeNano", 0);
        Instant at =
                nanos > 0 ? Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS) : Instant.now();
        return new EngineEvent(
                json.text("Type").toLowerCase(Locale.ROOT),
                inDockersWords(colon < 0 ? action : action.substring(0, colon)),
                actor.text("ID"),
                actor.texts("Attributes"),
                at);
    }

    /// Podman says some things differently.
    private static String inDockersWords(String action) {
        return switch (action) {
            case "died" -> "die";
            case "remove" -> "destroy";
            default -> action;
        };
    }

    /// The container it is about: itself, or the one that joined or left a network; empty if none.
    public String container() {
        return switch (type) {
            case "container" -> id;
            case "network" -> attributes.getOrDefault("container", joiner());
            default -> "";
        };
    }

    /// Podman's network events have the container where Docker's have the network.
    private String joiner() {
        return action.equals("connect") || action.equals("disconnect") ? id : "";
    }
}
