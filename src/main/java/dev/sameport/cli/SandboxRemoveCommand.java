package dev.sameport.cli;

import dev.sameport.engine.sandbox.Sandbox;
import dev.sameport.engine.sandbox.Sandboxes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        header =
                "Stops and removes sandboxes. Their ports are free, and their replicas unreachable.",
        description =
                "In Docker, replicas that joined go on without a network, and are named; Podman wants them removed first. All names are looked up before anything is removed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport sandbox rm web",
            "  sameport sandbox rm web api --engine unix:///run/docker.sock"
        })
final class SandboxRemoveCommand implements Callable<Integer> {
    @Mixin EngineChoice engines = new EngineChoice();
    @Mixin Help help = new Help();

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Sandboxes, by name.")
    List<String> names = List.of();

    /// A sandbox where it is.
    private record Place(Sandboxes engine, Sandbox sandbox) {}

    @Override
    public Integer call() {
        List<Place> all = new ArrayList<>();
        for (EngineChoice.Answering engine : engines.all()) {
            engine.sandboxes()
                    .list()
                    .forEach(sandbox -> all.add(new Place(engine.sandboxes(), sandbox)));
        }
        List<Place> chosen =
                new LinkedHashSet<>(names).stream().map(name -> the(name, all)).toList();
        chosen.forEach(place -> place.engine().checkRemovable(place.sandbox()));
        for (Place place : chosen) {
            place.engine().remove(place.sandbox());
            System.out.print(told(place));
        }
        return 0;
    }

    private static Place the(String name, List<Place> all) {
        List<Place> places =
                all.stream().filter(place -> place.sandbox().name().equals(name)).toList();
        if (places.isEmpty()) {
            throw new IllegalStateException(
                    "there is no sandbox '"
                            + name
                            + "'; `sameport sandbox ls` lists those there are");
        }
        if (places.size() > 1) {
            throw new IllegalStateException(
                    "sandbox "
                            + name
                            + " is in "
                            + places.stream()
                                    .map(place -> place.engine().where())
                                    .collect(Collectors.joining(", and in "))
                            + "; say which with --engine");
        }
        return places.getFirst();
    }

    private static String told(Place place) {
        List<String> left =
                place.sandbox().members().stream()
                        .filter(member -> member.status().equals("running"))
                        .map(Sandbox.Member::name)
                        .toList();
        return "Sandbox %s is removed from %s.%s%n"
                .formatted(
                        place.sandbox().name(),
                        place.engine().where(),
                        left.isEmpty()
                                ? ""
                                : " Left without a network: " + String.join(", ", left) + ".");
    }
}
