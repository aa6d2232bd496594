package dev.sameport.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files that hold the public surface, compared by exact text.
public final class Golden {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden");

    private Golden() {}

    /// Compares. With SAMEPORT_WRITE_GOLDEN set the file is written anew, and the test that saw a
    /// difference fails all the same.
    public static void compare(String file, String actual) {
        Path path = DIRECTORY.resolve(file);
        try {
            String expected = Files.exists(path) ? Files.readString(path) : "";
            if (System.getenv("SAMEPORT_WRITE_GOLDEN") != null) {
                Files.writeString(path, actual);
            }
            assertEquals(expected, actual, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
