package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        header = "Which version this is, and which one the daemon is.",
        footerHeading = "%nExamples:%n",
        footer = {"  sameport version"})
final class VersionCommand implements Callable<Integer> {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Override
    public Integer call() {
        System.out.println("sameport " + text() + ", Java " + Runtime.version());
        System.out.println("daemon: " + daemon());
        return 0;
    }

    /// A daemon may be older than the command that asks it.
    private String daemon() {
        Path socket = location.socket();
        if (!Files.exists(socket)) {
            return "none in " + location.runDirectory();
        }
        try {
            return new AdminClient(socket).get("/v1/version").strip();
        } catch (AdminClient.Refused e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// The version in the jar, or what a checkout is called.
    static String text() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(from classes)" : version;
    }
}
