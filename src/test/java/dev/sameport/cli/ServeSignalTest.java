package dev.sameport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.Main;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The daemon as a process, in a network namespace of its own.
@Timeout(90)
final class ServeSignalTest {
    @Test
    void sigterm_ends_the_daemon_at_once(@TempDir Path directory) throws Exception {
        Path run = Files.createDirectory(directory.resolve("run"));
        Path state = Files.createDirectory(directory.resolve("state"));
        Process daemon =
                new ProcessBuilder(
                                "unshare",
                                "--net",
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "serve",
                                "--no-engines",
                                "--no-nat",
                                "--run-dir=" + run,
                                "--state-dir=" + state)
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader log = daemon.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder seen = new StringBuilder();
            long asked = 0;
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                seen.append(line).append('\n');
                if (line.contains("event=ready")) {
                    asked = System.nanoTime();
                    daemon.toHandle().destroy(); // of the process, it would close the log too
                }
            }
            assertTrue(seen.toString().contains("event=ready"), seen.toString());
            assertTrue(seen.toString().contains("event=ended"), seen.toString());
            assertTrue(daemon.waitFor(10, TimeUnit.SECONDS), seen.toString());
            assertEquals(0, daemon.exitValue(), seen.toString());
            // Its hook waits 20 s for an orderly end, which must not be waiting for the hook.
            long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - asked);
            assertTrue(took < 10, () -> "it took " + took + " s");
            assertFalse(Files.exists(run.resolve("admin.sock")), "the control socket is gone");
        } finally {
            daemon.destroyForcibly();
        }
    }
}
