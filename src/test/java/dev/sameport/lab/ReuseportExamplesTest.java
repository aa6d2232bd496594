package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.engine.EngineClient;
import dev.sameport.engine.sandbox.PauseImages;
import dev.sameport.linux.Commands;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is in `examples/reuseport` works as it stands there, but for where Java comes from: the lab
/// has no registry, so this machine's own is mounted.
@LabTest
class ReuseportExamplesTest {
    private static final Lab LAB = Lab.get();
    private static final Path FOLDER = Path.of("examples/reuseport").toAbsolutePath();
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private DaemonProcess daemon;

    @BeforeEach
    void start() {
        daemon = DaemonProcess.start(LAB);
        EngineClient engine =
                new EngineClient(Path.of(LAB.dockerHost().substring("unix://".length())));
        var _ = engine.negotiate();
        boolean _ = PauseImages.ensure(engine);
    }

    @AfterEach
    void reset() {
        LAB.reset();
        daemon.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", "docker-compose-hello.yml"})
    void three_replicas_of_an_example_share_a_sandbox(String file) throws Exception {
        compose(file, "up", "-d", "--scale", "app=3");
        daemon.awaitReady("80/tcp", 3);
        InetSocketAddress port = new InetSocketAddress(Lab.HOST, 80);
        ChiSquare.assertEven(LAB.asClient(() -> Load.sequence(port, "/", 300)), 3);
        assertTrue(daemon.get("/v1/services").contains(" reuseport "), daemon.log());
        compose(file, "down");
    }

    private static void compose(String file, String... command) throws IOException {
        Path more = LAB.directory.resolve("reuseport-java.yml");
        Files.writeString(
                more,
                """
                version: "3.7"
                services:
                  app:
                    volumes: ["%s:/jdk:ro"]
                """
                        .formatted(Path.of(System.getProperty("java.home"))));
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "env",
                                "DOCKER_HOST=" + LAB.dockerHost(),
                                "APP_IMAGE=" + Lab.HELLO,
                                "JAVA=/jdk/bin/java",
                                "docker-compose",
                                "-p",
                                "shared",
                                "-f",
                                FOLDER.resolve(file).toString(),
                                "-f",
                                more.toString()));
        words.addAll(List.of(command));
        var _ = Commands.run(words, "", TIMEOUT);
    }
}
