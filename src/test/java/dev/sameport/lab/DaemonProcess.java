package dev.sameport.lab;

import dev.sameport.linux.CommandException;
import dev.sameport.linux.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real daemon in the lab's host namespace, following both engines, and the command line to talk
/// to it.
final class DaemonProcess implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static int count;

    private final Lab lab;
    final Path run;
    final Path state;
    private final List<String> options;
    private final String name;
    private Process process;

    private DaemonProcess(Lab lab, List<String> options) {
        this.lab = lab;
        this.name = "serve-" + ++count;
        this.run = lab.directory.resolve(name + "-run");
        this.state = lab.directory.resolve(name + "-state");
        this.options = options;
    }

    /// Starts one with a run directory of its own, and waits until it is ready.
    static DaemonProcess start(Lab lab, String... options) {
        DaemonProcess daemon = new DaemonProcess(lab, List.of(options));
        daemon.start();
        return daemon;
    }

    void start() {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + lab.host));
        command.addAll(java("-Xmx96m"));
        command.add("serve");
        command.addAll(directories());
        command.addAll(options);
        if (!options.contains("--no-engines")) {
            command.addAll(
                    List.of(
                            "--engine",
                            lab.dockerHost(),
                            "--engine",
                            "unix://" + lab.directory + "/podman.sock"));
        }
        int ready = readyCount();
        process = lab.start(name, command.toArray(String[]::new));
        Lab.await("the daemon", () -> readyCount() > ready || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("the daemon ended:\n" + log());
        }
    }

    private List<String> directories() {
        return List.of("--run-dir", run.toString(), "--state-dir", state.toString());
    }

    static List<String> java(String... more) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+UseSerialGC"));
        // What the launcher adds; benches measure the daemon as a user has it.
        String launcher = System.getProperty("lab.daemon.flags", "");
        if (!launcher.isEmpty()) {
            command.addAll(List.of(launcher.split(" ")));
        }
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(Arrays.asList(more));
        command.addAll(
                List.of(
                        "-cp",
                        Path.of("target/sameport.jar").toAbsolutePath().toString(),
                        "dev.sameport.Main"));
        return command;
    }

    private int readyCount() {
        try {
            Path log = lab.directory.resolve(name + ".log");
            return Files.exists(log)
                    ? Files.readString(log).split("event=ready", -1).length - 1
                    : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log() {
        return lab.log(name);
    }

    long pid() {
        return process.pid();
    }

    /// Runs one command of the command line; its output.
    String cli(String... words) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + lab.host));
        command.addAll(java("-XX:TieredStopAtLevel=1"));
        command.add(words[0]);
        command.addAll(directories());
        command.addAll(Arrays.asList(words).subList(1, words.length));
        return Commands.run(command, "", TIMEOUT).output();
    }

    /// A command that has to fail; what it wrote on standard error.
    String refused(String... words) {
        try {
            throw new AssertionError("was not refused: " + cli(words));
        } catch (CommandException refused) {
            return refused.errors();
        }
    }

    /// Asks the control socket directly, which is quicker than the command line.
    String get(String path) {
        return new dev.sameport.admin.AdminClient(run.resolve("admin.sock")).get(path);
    }

    /// Waits until `count` endpoints of a published port are ready.
    void awaitReady(String published, int count) {
        try {
            Lab.await(
                    count + " ready endpoints on " + published,
                    () ->
                            get("/v1/services")
                                    .lines()
                                    .anyMatch(line ->
                                            line.contains(" " + published + " ")
                                                    && line.contains(
                                                            " " + count + "/" + count + " ")));
        } catch (AssertionError late) {
            throw new AssertionError(late.getMessage() + "\n" + get("/v1/services.json"), late);
        }
    }

    /// Waits until a sandbox's port is shared: what binds earlier is alone there.
    void awaitShared(String published) {
        Lab.await(
                "the sharing of " + published,
                () -> get("/v1/services").contains(" " + published + " "));
    }

    /// Waits until `count` replicas of all services are ready, those of weight 0 included.
    void awaitListening(int count) {
        Lab.await(
                count + " ready replicas",
                () -> cli("ps").lines().filter(line -> line.contains("ready")).count() == count);
    }

    void kill9() {
        process.destroyForcibly();
        await();
    }

    void stop() {
        process.destroy();
        await();
    }

    private void await() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("the daemon does not end:\n" + log());
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Ends it and puts everything back.
    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
        if (Files.exists(run)) {
            cli("clean", "--yes");
        }
    }
}
