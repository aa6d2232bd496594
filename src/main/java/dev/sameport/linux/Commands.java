package dev.sameport.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the system's own commands (`ip`, `iptables`), in the network namespace of the calling
/// thread.
///
/// A virtual thread that calls gives way while the command runs.
public final class Commands {
    private Commands() {}

    /// What a command that succeeded wrote.
    public record Result(String output, String errors) {}

    /// Runs a command without input.
    ///
    /// @throws CommandException when it doesn't start, ends with another code than 0 or outlasts
    ///   `timeout`
    public static Result run(Duration timeout, String... command) {
        return run(List.of(command), "", timeout);
    }

    /// Runs a command that reads `input`; its messages are in English, whatever the locale.
    ///
    /// @throws CommandException when it doesn't start, ends with another code than 0 or outlasts
    ///   `timeout`; it is killed then, as it is when the calling thread is interrupted
    public static Result run(List<String> command, String input, Duration timeout) {
        Process process = start(command);
        try {
            CommandOutput output = CommandOutput.collect(process.getInputStream());
            CommandOutput errors = CommandOutput.collect(process.getErrorStream());
            Thread.ofVirtual().start(() -> feed(process.getOutputStream(), input));
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw unfinished(command, "was killed after " + timeout.toMillis() + " ms");
            }
            if (process.exitValue() != 0) {
                throw failed(command, process.exitValue(), errors.text());
            }
            return new Result(output.text(), errors.text());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw unfinished(command, "was interrupted");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException failure) {
            throw new CommandException(
                    command,
                    CommandException.NO_EXIT_CODE,
                    "did not start",
                    String.valueOf(failure.getMessage()));
        }
    }

    private static CommandException failed(List<String> command, int exitCode, String errors) {
        return new CommandException(command, exitCode, "ended with exit code " + exitCode, errors);
    }

    private static CommandException unfinished(List<String> command, String what) {
        return new CommandException(command, CommandException.NO_EXIT_CODE, what, "");
    }

    private static void feed(OutputStream stream, String input) {
        try (stream) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // The command ended without reading all of it: its exit code tells whether that is a
            // failure.
        }
    }
}
