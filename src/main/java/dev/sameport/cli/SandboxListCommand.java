package dev.sameport.cli;

import dev.sameport.admin.Paint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        header = "Sandboxes, their ports, and the replicas that joined them.",
        description =
                "The engines are asked directly, every one that answers, or the one of --engine. What is served, `sameport ls` tells.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport sandbox ls",
            "  sameport sandbox ls --json | jq '.sandboxes[].members'"
        })
final class SandboxListCommand implements Callable<Integer> {
    @Mixin EngineChoice engines = new EngineChoice();
    @Mixin Help help = new Help();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        List<SandboxListing.Found> found = new ArrayList<>();
        for (EngineChoice.Answering engine : engines.all()) {
            engine.sandboxes()
                    .list()
                    .forEach(sandbox ->
                            found.add(
                                    new SandboxListing.Found(engine.sandboxes().where(), sandbox)));
        }
        Paint paint = Screen.colour(System.getenv()).isEmpty() ? Paint.PLAIN : Paint.COLOURED;
        System.out.print(json ? SandboxListing.json(found) : SandboxListing.text(found, paint));
        return 0;
    }
}
