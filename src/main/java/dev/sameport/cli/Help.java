package dev.sameport.cli;

import picocli.CommandLine.Option;

/// `--help`, which every command has.
final class Help {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;
}
