package dev.sameport.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Answers of real engines, as they were captured (the lab's directory and kernel replaced).
public final class Captured {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden/engine");

    /// Debian's Docker, today's Docker (API 1.56), Debian's Podman.
    public static final List<String> ENGINES = List.of("docker-20.10", "docker-29", "podman-4.3");

    private Captured() {}

    public static byte[] bytes(String engine, String name) {
        try {
            return Files.readAllBytes(DIRECTORY.resolve(engine).resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The names of the files that begin with `prefix`, sorted.
    public static List<String> names(String engine, String prefix) {
        try (Stream<Path> files = Files.list(DIRECTORY.resolve(engine))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
