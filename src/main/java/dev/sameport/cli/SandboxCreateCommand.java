package dev.sameport.cli;

import dev.sameport.config.PublishGrammar;
import dev.sameport.config.SameportLabels;
import dev.sameport.daemon.DaemonLock;
import dev.sameport.engine.sandbox.Sandbox;
import dev.sameport.engine.sandbox.SandboxOrder;
import dev.sameport.engine.sandbox.Sandboxes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        header =
                "Makes a sandbox: a container that owns a network namespace, which replicas join to share a port in it.",
        description = {
            "Its container is called sameport-NAME, runs a program that does nothing, from an image made here (nothing is downloaded), comes back with its engine, and stays until `sameport sandbox rm NAME`. Replicas join with --network container:sameport-NAME and listen on the container port, each on the same one.",
            "The engine is asked directly. Where several answer, it is made in the first of them, which is named; say which with --engine. A daemon (`sameport serve`) is needed to serve the port, before or after."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport sandbox create web -p 80:8080",
            "  sameport sandbox create web -p 80:8080,443:8443 --network front --drain 10s",
            "  sameport sandbox create web -p 80:8080 --engine unix:///run/podman/podman.sock",
            "  docker run -d --network container:sameport-web my/app"
        })
final class SandboxCreateCommand implements Callable<Integer>, SettingFlags.Holder {
    @Mixin Location location = new Location();
    @Mixin EngineChoice engines = new EngineChoice();
    @Mixin Help help = new Help();

    @Parameters(paramLabel = "NAME", description = "The sandbox's name, and its service's.")
    String name = "";

    @Option(
            names = {"-p", "--publish"},
            paramLabel = "[ADDR:]PORT:PORT",
            description = "As in `docker run -p`, comma list; may be repeated.")
    List<String> publish = List.of();

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            description =
                    "What it runs instead: an image that the engine has, whose command waits for ever. It gets no capabilities and a read-only root too. Default: sameport/pause.")
    String image = "";

    @Option(
            names = "--network",
            paramLabel = "NETWORK",
            description = "The engine's network to put it on. Default: the engine's.")
    String network = "";

    @Option(
            names = "--no-restart",
            description =
                    "When it restarts, leave its replicas in the dead namespace rather than restart them; a problem names them.")
    boolean noRestart;

    private final SortedMap<String, String> settings = SettingFlags.none();

    @Override
    public SortedMap<String, String> settings() {
        return settings;
    }

    @Override
    public Set<String> without() {
        return Set.of(
                SameportLabels.PUBLISH,
                SameportLabels.SERVICE,
                SameportLabels.SANDBOX,
                SameportLabels.NETWORK,
                SameportLabels.MODE,
                SameportLabels.RESTART);
    }

    @Override
    public Integer call() {
        SandboxOrder order = new SandboxOrder(name, image, network, labels());
        Sandboxes sandboxes = engines.first().sandboxes();
        System.out.print(told(sandboxes, sandboxes.create(order)));
        return 0;
    }

    private Map<String, String> labels() {
        if (publish.isEmpty()) {
            throw new IllegalArgumentException("give a port with -p, as in `-p 80:8080`");
        }
        settings.put(SameportLabels.PUBLISH, String.join(",", publish));
        settings.put(SameportLabels.SERVICE, name);
        if (noRestart) {
            settings.put(SameportLabels.RESTART, "false");
        }
        SettingFlags.check(settings);
        Map<String, String> labels = new TreeMap<>(settings);
        labels.put(SameportLabels.MODE, "reuseport");
        return labels;
    }

    private String told(Sandboxes sandboxes, Sandbox sandbox) {
        String ports =
                PublishGrammar.parse(String.join(",", publish)).stream()
                        .map(mapping -> Integer.toString(mapping.containerPort()))
                        .distinct()
                        .collect(Collectors.joining(", "));
        return """
        Sandbox %s: container %s runs in %s.
        Replicas that listen on %s join it with
          %s run -d --network container:%s IMAGE
        %s\
        """
                .formatted(
                        sandbox.name(),
                        sandbox.container(),
                        sandboxes.where(),
                        ports,
                        sandboxes.command(),
                        sandbox.container(),
                        DaemonLock.held(location.runDirectory())
                                ? ""
                                : "No daemon serves it yet: start `sameport serve`.\n");
    }
}
