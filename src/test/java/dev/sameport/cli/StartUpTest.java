package dev.sameport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.Main;
import dev.sameport.admin.AdminServer;
import dev.sameport.admin.ScriptedControl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a command loads, seen in a JVM of its own.
final class StartUpTest {
    private record Started(int code, String out, List<String> classes) {
        List<String> of(String prefix) {
            return classes.stream().filter(name -> name.startsWith(prefix)).toList();
        }
    }

    private static Started start(Path directory, String... words)
            throws IOException, InterruptedException {
        Path log = directory.resolve("classes.log");
        Path out = directory.resolve("out.txt");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xlog:class+load:file=" + log + ":none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("SAMEPORT_RUN_DIR", directory.toString());
        Process process = builder.redirectOutput(out.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        return new Started(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readAllLines(log));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ls", "ps", "events", "explain 80", "ls --json"})
    void a_question_loads_neither_a_json_library_nor_netty(String line, @TempDir Path directory)
            throws Exception {
        try (AdminServer _ =
                AdminServer.start(directory.resolve("admin.sock"), new ScriptedControl())) {
            Started started = start(directory, line.split(" "));
            assertEquals(0, started.code(), started.out());
            assertTrue(started.out().contains("shop_web"), started.out());
            // So that the log is known to tell what is loaded.
            assertTrue(started.of("dev.sameport.admin.AdminClient ").size() == 1, "the log");
            for (String prefix : List.of("tools.jackson.", "io.netty.", "dev.sameport.daemon.")) {
                assertEquals(List.of(), started.of(prefix));
            }
            assertEquals(
                    1,
                    started.of("dev.sameport.cli.").stream()
                            .filter(name -> name.matches("[a-zA-Z.]+Command .*"))
                            .count());
        }
    }

    @Test
    void its_texts_are_utf_8_in_every_locale(@TempDir Path directory) throws Exception {
        Started started = start(directory, "publish", "80", "a", "--weight", "1001");
        assertEquals(2, started.code());
        assertTrue(started.out().contains("outside 0–1000"), started.out());
    }
}
