package dev.sameport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunDirectoryTest {
    @TempDir Path directory;

    @Test
    void a_missing_one_is_made_and_writable_for_nobody_else() throws Exception {
        Path run = directory.resolve("a/b/run");

        RunDirectory.prepare(run);

        assertEquals("rwxr-xr-x", permissions(run));
    }

    @Test
    void one_that_others_may_write_to_is_refused() throws Exception {
        Path run = Files.createDirectory(directory.resolve("run"));
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));

        var refusal = assertThrows(IllegalStateException.class, () -> RunDirectory.prepare(run));

        assertTrue(refusal.getMessage().contains("chmod go-w"), refusal.getMessage());
    }

    @Test
    void someone_elses_is_refused_by_name() throws Exception {
        Path run = Files.createDirectory(directory.resolve("run"));
        Files.setAttribute(run, "unix:uid", 1);

        var refusal = assertThrows(IllegalStateException.class, () -> RunDirectory.prepare(run));

        assertTrue(refusal.getMessage().contains("belongs to "), refusal.getMessage());
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
