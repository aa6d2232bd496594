package dev.sameport.provider.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.engine.Captured;
import dev.sameport.engine.EngineClient;
import dev.sameport.engine.FakeEngine;
import dev.sameport.engine.Mutation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// A container of which an engine says anything at all never hides another one.
class HostileContainerPropertyTest {
    static final List<String> ENGINES = Captured.ENGINES;
    private static final int ROUNDS = 25;

    @TempDir private Path directory;

    @ParameterizedTest
    @FieldSource("ENGINES")
    void a_spoiled_container_hides_no_other(String engine) {
        Set<Boolean> outcomes = new HashSet<>();
        try (FakeDocker docker = new FakeDocker(directory.resolve("docker.sock"))) {
            docker.running("web-1");
            docker.running("x");
            for (String name : Captured.names(engine, "container-")) {
                byte[] original = asX(Captured.bytes(engine, name));
                for (long seed = 0; seed < ROUNDS; seed++) {
                    byte[] spoiled = Mutation.of(original, new SplittableRandom(seed));
                    docker.spoil("x", FakeEngine.json(spoiled));
                    outcomes.add(reads(docker, name + ", seed " + seed, spoiled));
                }
            }
        }
        assertTrue(outcomes.size() == 2, "all the same: " + outcomes);
    }

    private static byte[] asX(byte[] container) {
        return new String(container, StandardCharsets.UTF_8)
                .replaceFirst("\"Id\": \"[0-9a-f]{64}\"", "\"Id\": \"x\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    /// Whether the spoiled one could be read.
    private static boolean reads(FakeDocker docker, String what, byte[] spoiled) {
        Inventory inventory =
                new Inventory(
                        new EngineClient(docker.engine.socket()),
                        new ReplicaReader("docker", new OnBridge()),
                        new Urgent(_ -> {}));
        try {
            inventory.list();
        } catch (RuntimeException e) {
            throw new AssertionError(what + ": " + new String(spoiled, StandardCharsets.UTF_8), e);
        }
        assertTrue(
                inventory.replicas().stream().anyMatch(seen -> seen.name().equals("web-1")), what);
        return !inventory.unread().containsKey("x");
    }
}
