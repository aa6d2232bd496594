package dev.sameport.engine;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Real answers, spoiled at random: they are read, or refused with an `EngineException`, and
/// nothing else ever happens.
class HostileAnswerPropertyTest {
    static final List<String> ENGINES = Captured.ENGINES;
    private static final int ROUNDS = 400;
    private static final int ROUNDS_BY_SOCKET = 100;

    @TempDir private Path directory;
    private int read;
    private int refused;

    private void tries(String what, byte[] original, int rounds, Function<byte[], Object> reader) {
        for (long seed = 0; seed < rounds; seed++) {
            byte[] spoiled = Mutation.of(original, new SplittableRandom(seed));
            try {
                assertNotNull(reader.apply(spoiled));
                read++;
            } catch (EngineException e) {
                assertTrue(e.getMessage().startsWith("here"), e.getMessage());
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        what
                                + ", seed "
                                + seed
                                + ": "
                                + new String(spoiled, StandardCharsets.UTF_8),
                        e);
            }
        }
    }

    private void bothHappened() {
        assertTrue(read > 20 && refused > 20, "read " + read + ", refused " + refused);
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void a_spoiled_container_is_read_or_refused(String engine) {
        for (String name : Captured.names(engine, "container-")) {
            tries(
                    engine + " " + name,
                    Captured.bytes(engine, name),
                    ROUNDS,
                    bytes -> Container.read(Json.parse("here", bytes)));
        }
        bothHappened();
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void a_spoiled_network_is_read_or_refused(String engine) {
        for (String name : Captured.names(engine, "network-")) {
            tries(
                    engine + " " + name,
                    Captured.bytes(engine, name),
                    ROUNDS,
                    bytes -> Network.read(Json.parse("here", bytes)));
        }
        bothHappened();
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void a_spoiled_event_is_read_or_refused(String engine) {
        String events = new String(Captured.bytes(engine, "events.jsonl"), StandardCharsets.UTF_8);
        for (String event : events.split("\n")) {
            tries(
                    engine + " " + event,
                    event.getBytes(StandardCharsets.UTF_8),
                    ROUNDS / 4,
                    bytes -> EngineEvent.read(Json.parse("here", bytes)).container());
        }
        bothHappened();
    }

    @ParameterizedTest
    @FieldSource("ENGINES")
    void whatever_comes_over_the_socket_is_read_or_refused(String engine) {
        try (FakeEngine fake = new FakeEngine(directory.resolve("engine.sock"))) {
            EngineClient client = new EngineClient(fake.socket());
            bySocket(fake, engine, "version.json", "/version", client::negotiate);
            bySocket(fake, engine, "containers.json", "/containers/json", client::containers);
            bySocket(fake, engine, "image.json", "/images/x/json", () -> client.imageLabels("x"));
        }
        bothHappened();
    }

    private void bySocket(
            FakeEngine fake, String engine, String file, String path, Supplier<Object> question) {
        tries(
                engine + " " + file,
                Captured.bytes(engine, file),
                ROUNDS_BY_SOCKET,
                bytes -> {
                    fake.on(path, FakeEngine.json(bytes));
                    try {
                        return question.get();
                    } catch (EngineException e) {
                        throw new EngineException("here: " + e.getMessage(), e);
                    }
                });
    }

    @Test
    void a_spoiled_stream_ends_with_an_engine_exception() {
        try (FakeEngine fake = new FakeEngine(directory.resolve("engine.sock"))) {
            EngineClient client = new EngineClient(fake.socket());
            byte[] stream = Captured.bytes("docker-29", "events.jsonl");
            for (long seed = 0; seed < ROUNDS_BY_SOCKET; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                byte[] spoiled = stream.clone();
                for (int i = 0; i < 3; i++) {
                    spoiled[random.nextInt(spoiled.length)] = (byte) random.nextInt(256);
                }
                byte[] cut = Arrays.copyOf(spoiled, random.nextInt(spoiled.length));
                fake.on("/events", FakeEngine.json(cut));
                try {
                    client.events().read(() -> {}, EngineEvent::container);
                    throw new AssertionError("seed " + seed + ": a stream never returns");
                } catch (EngineException e) {
                    assertTrue(e.getMessage().startsWith("engine at"), e.getMessage());
                }
            }
        }
    }
}
