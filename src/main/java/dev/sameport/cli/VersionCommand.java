package dev.sameport.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        header = "Which version this is.",
        footerHeading = "%nExamples:%n",
        footer = {"  sameport version"})
final class VersionCommand implements Callable<Integer> {
    @Mixin Help help = new Help();

    @Override
    public Integer call() {
        System.out.println("sameport " + text() + ", Java " + Runtime.version());
        return 0;
    }

    /// The version in the jar, or what a checkout is called.
    static String text() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(from classes)" : version;
    }
}
