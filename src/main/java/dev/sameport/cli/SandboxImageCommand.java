package dev.sameport.cli;

import dev.sameport.engine.sandbox.PauseImage;
import dev.sameport.engine.sandbox.PauseImages;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        header =
                "Imports the image sameport/pause, so that compose files and pods can name it; nothing is downloaded.",
        description =
                "Into every engine that answers, or the one of --engine. `sandbox create` does so by itself.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport sandbox image",
            "  sameport sandbox image --engine unix:///run/podman/podman.sock",
            "  sameport sandbox image --remove"
        })
final class SandboxImageCommand implements Callable<Integer> {
    @Mixin EngineChoice engines = new EngineChoice();
    @Mixin Help help = new Help();

    @Option(names = "--remove", description = "Remove it instead.")
    boolean remove;

    @Override
    public Integer call() {
        for (EngineChoice.Answering engine : engines.all()) {
            System.out.printf(
                    "Image %s %s %s.%n", PauseImage.NAME, done(engine), engine.sandboxes().where());
        }
        return 0;
    }

    private String done(EngineChoice.Answering engine) {
        if (remove) {
            return PauseImages.remove(engine.client()) ? "is removed from" : "is not in";
        }
        return PauseImages.ensure(engine.client()) ? "is imported into" : "was already in";
    }
}
