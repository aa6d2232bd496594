package dev.sameport.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sameport.admin.Golden;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What is read of real engines' answers.
class CapturedAnswersTest {
    static final java.util.List<String> ENGINES = Captured.ENGINES;

    @TempDir private Path directory;

    @ParameterizedTest
    @FieldSource("ENGINES")
    void everything_that_matters_is_read_from_a_real_engine(String engine) {
        StringBuilder text = new StringBuilder();
        try (FakeEngine fake = new FakeEngine(directory.resolve("engine.sock"))) {
            EngineClient client = new EngineClient(fake.socket());
            fake.on("/version", file(engine, "version.json"));
            text.append(client.negotiate()).append("\n");
            fake.on("/containers/json", file(engine, "containers.json"));
            client.containers().forEach(id -> text.append("listed ").append(id).append("\n"));
            for (String name : Captured.names(engine, "container-")) {
                fake.on("/containers/x/json", file(engine, name));
                text.append("\n").append(name).append("\n").append(text(client.inspect("x")));
            }
            for (String name : Captured.names(engine, "network-")) {
                fake.on("/networks/x", file(engine, name));
                text.append("\n").append(name).append(" ").append(client.network("x"));
            }
            fake.on("/images/x/json", file(engine, "image.json"));
            text.append("\n\nimage labels ").append(new TreeMap<>(client.imageLabels("x")));
            fake.on("/events", file(engine, "events.jsonl"));
            text.append("\n\n");
            assertThrows(
                    EngineUnreachableException.class,
                    () ->
                            client.events()
                                    .read(
                                            () -> {},
                                            event -> text.append(text(event)).append("\n")));
        }
        Golden.compare("engine/" + engine + "/read.txt", text.toString());
    }

    private static FakeEngine.Reply file(String engine, String name) {
        return FakeEngine.json(Captured.bytes(engine, name));
    }

    private static String text(Container container) {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                  %s %s
                  image %s %s
                  labels %s
                  %s pid %d since %s health '%s'
                  stops by '%s' within %d, network mode %s
                """
                        .formatted(
                                container.name(),
                                container.id().substring(0, 12),
                                container.image(),
                                container.imageId(),
                                new TreeMap<>(container.labels()),
                                container.status(),
                                container.pid(),
                                container.startedAt(),
                                container.health(),
                                container.stopSignal(),
                                container.stopTimeout(),
                                container.networkMode()));
        container.networks().forEach(n -> text.append("  on ").append(n).append("\n"));
        container.ports().forEach(p -> text.append("  published ").append(p).append("\n"));
        return text.toString();
    }

    private static String text(EngineEvent event) {
        return "%s %s %s, container '%s', signal %s"
                .formatted(
                        event.at(),
                        event.type(),
                        event.action(),
                        event.container(),
                        event.attributes().getOrDefault("signal", "unsaid"));
    }
}
