package dev.sameport.demo;

import dev.sameport.admin.AdminClient;
import dev.sameport.linux.CommandException;
import dev.sameport.linux.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The demo's daemon: a process of its own, as a user would start it.
final class DemoDaemon implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern HELLO = Pattern.compile("dev\\.sameport\\.demo\\.HelloServer");

    private final Path directory;
    private final @Nullable DemoNetwork network;
    private @Nullable Process process;

    DemoDaemon(Path directory, @Nullable DemoNetwork network) {
        this.directory = directory;
        this.network = network;
    }

    void start() throws IOException {
        process =
                new ProcessBuilder(words("serve", "--no-engines"))
                        .redirectErrorStream(true)
                        .redirectOutput(logFile().toFile())
                        .start();
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!log().contains("event=ready")) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("the daemon did not start:\n" + log());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private Path logFile() {
        return directory.resolve("daemon.log");
    }

    String log() {
        try {
            return Files.exists(logFile()) ? Files.readString(logFile()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> words(String... command) {
        List<String> words = new ArrayList<>(java());
        words.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.sameport.Main",
                        command[0]));
        words.addAll(
                List.of(
                        "--run-dir",
                        directory.resolve("run").toString(),
                        "--state-dir",
                        directory.resolve("state").toString()));
        words.addAll(Arrays.asList(command).subList(1, command.length));
        return network == null ? words : network.inHost(words.toArray(String[]::new));
    }

    private static List<String> java() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow");
    }

    /// The command line of a replica.
    static List<String> helloServer() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sameport.demo.HelloServer");
    }

    /// One command of the command line; its output, whatever its exit code.
    String cli(String... command) {
        try {
            return Commands.run(words(command), "", TIMEOUT).output();
        } catch (CommandException e) {
            throw new IllegalStateException(
                    e.errors().isBlank() ? String.valueOf(e.getMessage()) : e.errors(), e);
        }
    }

    /// Asks the control socket.
    String get(String path) {
        return new AdminClient(directory.resolve("run/admin.sock")).get(path);
    }

    /// Waits until all of a service serve.
    void awaitReplicas(String service, int count) {
        await(
                count + " ready replicas of " + service,
                () ->
                        get("/v1/services")
                                .lines()
                                .anyMatch(line ->
                                        line.startsWith(service + " ")
                                                && line.contains(" " + count + "/" + count + " ")));
    }

    /// Waits until a replica is no more.
    void awaitGone(String replica) {
        await("the end of " + replica, () -> !get("/v1/replicas").contains(replica + " "));
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "no " + what + " within 60 s; the daemon's log:\n" + log());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /// Kills the replica that was started last; its pid.
    long killReplica() {
        ProcessHandle replica =
                java.util.Objects.requireNonNull(process)
                        .descendants()
                        .filter(child ->
                                child.info()
                                        .commandLine()
                                        .map(HELLO::matcher)
                                        .map(Matcher::find)
                                        .orElse(false))
                        .max(Comparator.comparing(DemoDaemon::began))
                        .orElseThrow(() -> new IllegalStateException("no replica runs"));
        replica.destroyForcibly();
        return replica.pid();
    }

    private static Instant began(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    @Override
    public void close() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.destroy();
        try {
            if (!running.waitFor(20, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        cli("clean", "--yes");
    }
}
