package dev.sameport.demo;

import dev.sameport.linux.Commands;
import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Installs what the kernel planes need, on an apt system, after saying so.
final class Packages {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private Packages() {}

    /// What is missing here, by package name.
    static List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!onPath("ip")) {
            missing.add("iproute2");
        }
        if (!onPath("nft")) {
            missing.add("nftables");
        }
        return missing;
    }

    static boolean aptSystem() {
        return onPath("apt-get");
    }

    private static boolean onPath(String command) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return List.of(path.split(":")).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, command)));
    }

    /// Installs `packages`; a terminal is asked first. Returns whether they are there now.
    @SuppressWarnings("SystemConsoleNull") // null where the java.console module is not there
    static boolean install(List<String> packages, PrintStream out) {
        out.println(
                "The nat plane needs "
                        + String.join(" and ", packages)
                        + "; installing with apt-get.");
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            String answer = console.readLine("Go on? [Y/n] ");
            if (answer != null
                    && answer.strip().toLowerCase(java.util.Locale.ROOT).startsWith("n")) {
                return false;
            }
        }
        Commands.run(List.of("apt-get", "update", "-qq"), "", TIMEOUT);
        List<String> command =
                new ArrayList<>(
                        List.of("apt-get", "install", "-y", "-qq", "--no-install-recommends"));
        command.addAll(packages);
        Commands.run(command, "", TIMEOUT);
        return missing().isEmpty();
    }
}
