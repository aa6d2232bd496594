package dev.sameport;

import dev.sameport.cli.Cli;

/// The entry point of the launcher.
public final class Main {
    private Main() {}

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        System.exit(Cli.run(arguments));
    }
}
