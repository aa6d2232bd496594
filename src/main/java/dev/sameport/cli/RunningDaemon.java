package dev.sameport.cli;

import dev.sameport.daemon.DaemonLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The daemon of a run directory, as its lock tells.
record RunningDaemon(Path runDirectory) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static RunningDaemon of(Path runDirectory) {
        return new RunningDaemon(runDirectory);
    }

    /// Sends SIGTERM and waits for the end; does nothing where none runs.
    ///
    /// The lock is looked at before its pid is: the number in a lock that nobody holds may be
    /// anyone's by now.
    void stop() {
        if (!DaemonLock.held(runDirectory)) {
            return;
        }
        ProcessHandle daemon = process();
        try {
            daemon.destroy();
            daemon.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException(
                    "the daemon (pid "
                            + daemon.pid()
                            + ") did not end within "
                            + PATIENCE.toSeconds()
                            + " s; stop it yourself, then clean",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the daemon was ending", e);
        }
    }

    private ProcessHandle process() {
        Path lock = runDirectory.resolve("lock");
        try {
            String pid = Files.readString(lock).strip();
            if (pid.matches("[0-9]{1,10}")) {
                return ProcessHandle.of(Long.parseLong(pid))
                        .orElseThrow(() -> elsewhere("pid " + pid + " is not in this namespace"));
            }
            throw elsewhere("its lock " + lock + " names no pid");
        } catch (NoSuchFileException _) {
            throw elsewhere("its lock " + lock + " has just gone");
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + lock, e);
        }
    }

    private static IllegalStateException elsewhere(String why) {
        return new IllegalStateException("the daemon can't be stopped from here: " + why);
    }
}
