package dev.sameport.linux;

import java.util.List;

/// A command that could not be run, took too long or ended in failure.
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// The [#exitCode] of a command that didn't start or didn't end in time.
    public static final int NO_EXIT_CODE = -1;

    private final List<String> command;
    private final int exitCode;
    private final String errors;

    CommandException(List<String> command, int exitCode, String what, String errors) {
        super(
                "`%s` %s%s"
                        .formatted(
                                String.join(" ", command),
                                what,
                                errors.isBlank() ? "" : ": " + errors.strip()));
        this.command = List.copyOf(command);
        this.exitCode = exitCode;
        this.errors = errors;
    }

    /// The command and its arguments.
    public List<String> command() {
        return command;
    }

    /// What it ended with, or [#NO_EXIT_CODE].
    public int exitCode() {
        return exitCode;
    }

    /// What it wrote to its standard error, or why it didn't start.
    public String errors() {
        return errors;
    }
}
