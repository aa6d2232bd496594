package dev.sameport.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The program as the kernel runs it, on this machine's processor.
class PauseProgramTest {
    private static final Architecture HERE =
            System.getProperty("os.arch").equals("aarch64")
                    ? Architecture.ARM64
                    : Architecture.AMD64;

    private final Path program;
    private Process process;

    PauseProgramTest(@TempDir Path directory) {
        program = directory.resolve("pause");
    }

    @BeforeEach
    void write() throws IOException {
        Files.write(program, PauseProgram.of(HERE));
        assertTrue(program.toFile().setExecutable(true));
    }

    @AfterEach
    void end() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    private void start(String... command) throws IOException {
        process = new ProcessBuilder(command).inheritIO().start();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, what + ": not within 20 s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /// A field of /proc/PID/status.
    private static String status(long pid, String field) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith(field + ":"))
                    .map(line -> line.substring(field.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException _) {
            return "";
        }
    }

    /// Whether it is in its system call that waits.
    private static boolean waitsFor(long pid) {
        try {
            String call = Files.readString(Path.of("/proc/" + pid + "/syscall"));
            return call.startsWith(HERE == Architecture.AMD64 ? "128 " : "137 ");
        } catch (IOException _) {
            return false;
        }
    }

    private static String exe(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private void signal(String name) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor());
    }

    private void awaitWaiting() {
        await(
                "it waits",
                () -> exe(process.pid()).equals(program.toString()) && waitsFor(process.pid()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void it_waits_and_ends_with_0_at_a_signal_that_asks_it_to(String name) throws Exception {
        start(program.toString());
        awaitWaiting();
        assertTrue(process.isAlive());
        signal(name);
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it ends");
        assertEquals(0, process.exitValue());
    }

    @Test
    void it_uses_no_processor_time_and_goes_on_after_it_was_stopped() throws Exception {
        start(program.toString());
        awaitWaiting();
        signal("STOP");
        await("it is stopped", () -> status(process.pid(), "State").startsWith("T"));
        signal("CONT");
        awaitWaiting();
        Duration used = process.info().totalCpuDuration().orElseThrow();
        assertTrue(used.compareTo(Duration.ofMillis(50)) <= 0, used::toString);
    }

    @Test
    void as_the_first_process_it_reaps_and_ends_at_sigterm() throws Exception {
        // Some children end before it begins, others are orphans that end later.
        start(
                "unshare",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                "true & (sleep 0.2 &) ; (sleep 0.4 &) ; sleep 0.3 & exec " + program);
        await("it starts", () -> first() > 0 && exe(first()).equals(program.toString()));
        long first = first();
        await("its children are reaped", () -> children(first).isEmpty() && waitsFor(first));
        assertEquals("1", List.of(status(first, "NSpid").split("\\s+")).getLast());
        assertTrue(ProcessHandle.of(first).orElseThrow().destroy(), "SIGTERM is sent");
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), "it ends");
        assertEquals(0, process.exitValue());
    }

    private long first() {
        return process.children().findFirst().map(ProcessHandle::pid).orElse(0L);
    }

    private static String children(long pid) {
        try {
            return Files.readString(Path.of("/proc/%d/task/%d/children".formatted(pid, pid)))
                    .strip();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
