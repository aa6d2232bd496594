package dev.sameport.cli;

import dev.sameport.demo.Demo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        header =
                "The main job, on this machine: replicas share a port, scale, and one is killed, while requests run.",
        description =
                "Everything happens in network namespaces of its own; no port, rule or address of this machine is touched. Without root it works through the listener, on a free port of 127.0.0.1.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport demo",
            "  sameport demo --replicas 5",
            "  sameport demo --no-install"
        })
final class DemoCommand implements Callable<Integer> {
    @Mixin Help help = new Help();

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description = "How many replicas to begin with, 1–20. Default: 3.")
    int replicas = 3;

    @Option(names = "--no-install", description = "Install no packages.")
    boolean noInstall;

    @Override
    public Integer call() throws Exception {
        if (replicas < 1 || replicas > 20) {
            throw new IllegalArgumentException("--replicas " + replicas + " is outside 1–20");
        }
        return Demo.run(replicas, !noInstall, Location.root(), System.out);
    }
}
