package dev.sameport.plane.nat.forward;

import dev.sameport.linux.Links;
import dev.sameport.linux.LinuxException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// The engines that run in this network namespace, told by their processes: `dockerd`, and
/// `conmon`, of which Podman has one for each container.
public final class Engines {
    private static final Set<String> NAMES = Set.of("dockerd", "conmon");

    private Engines() {}

    /// Whether one runs, in the calling thread's namespace.
    public static boolean run() {
        try (Links links = Links.open();
                DirectoryStream<Path> processes =
                        Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path process : processes) {
                if (isEngine(process) && isHere(links, process)) {
                    return true;
                }
            }
            return false;
        } catch (IOException _) {
            return true; // Not known; leaving things as they are harms nobody.
        }
    }

    private static boolean isEngine(Path process) {
        try {
            return NAMES.contains(Files.readString(process.resolve("comm")).strip());
        } catch (IOException _) {
            return false; // It has just ended.
        }
    }

    private static boolean isHere(Links links, Path process) {
        try {
            return links.sharesOurNamespace(Integer.parseInt(process.getFileName().toString()));
        } catch (LinuxException _) {
            return false;
        }
    }
}
