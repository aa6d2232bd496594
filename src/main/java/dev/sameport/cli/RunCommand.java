package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import dev.sameport.admin.Form;
import dev.sameport.config.SameportLabels;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        header =
                "No containers at all: N processes, each in a network namespace of its own, on one port.",
        description = {
            "The replicas run as you, in this directory, with your environment, and end when this command does, unless --detach. Without privilege each is told a port of its own in $PORT and has to listen on it.",
            "Without a command, an existing service is scaled; --scale 0 ends it."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport run --scale 3 -p 80:8080 -- ./server",
            "  sameport run --detach --name web --scale 3 -p 80:8080 -- ./server",
            "  sameport run --name web --scale 5",
            "  sameport run --name web --scale 0"
        })
final class RunCommand implements Callable<Integer>, SettingFlags.Holder {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Option(names = "--scale", paramLabel = "N", description = "How many replicas. Default: 1.")
    int scale = 1;

    @Option(
            names = {"-p", "--publish"},
            paramLabel = "[ADDR:]PORT:PORT",
            description = "As in `docker run -p`; may be repeated.")
    List<String> publish = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "The service's name. Default: the command's.")
    @Nullable String name;

    @Option(
            names = {"-d", "--detach"},
            description = "Leave the replicas to the daemon and return.")
    boolean detach;

    @Parameters(
            paramLabel = "-- COMMAND",
            arity = "0..*",
            description = "The program and its arguments, without a shell.")
    List<String> command = List.of();

    private final SortedMap<String, String> settings = SettingFlags.none();

    @Override
    public SortedMap<String, String> settings() {
        return settings;
    }

    @Override
    public Integer call() {
        AdminClient daemon = new AdminClient(location.socket());
        if (command.isEmpty()) {
            if (name == null) {
                throw new IllegalArgumentException(
                        "give a command after --, or the --name of a service to scale");
            }
            System.out.print(daemon.post("/v1/scale", scaling(name, scale)));
            return 0;
        }
        if (publish.isEmpty()) {
            throw new IllegalArgumentException("give a port with -p, as in `-p 80:8080`");
        }
        String service =
                name != null ? name : String.valueOf(Path.of(command.getFirst()).getFileName());
        Form order = order(service);
        if (detach) {
            System.out.print(daemon.post("/v1/run", order));
            return 0;
        }
        return attached(daemon, order);
    }

    /// The daemon ends the replicas when this connection ends, however this process does.
    private static int attached(AdminClient daemon, Form order) {
        if (Screen.terminal(Path.of("/proc/self/fd/2"))) {
            System.err.println("Ctrl-C ends the replicas.");
        }
        daemon.attach("/v1/run/attached", order, System.out::println);
        System.err.println("sameport run: the daemon has ended, and the replicas with it");
        return Cli.FAILURE;
    }

    private Form order(String service) {
        settings.put(SameportLabels.PUBLISH, String.join(",", publish));
        SettingFlags.check(settings);
        Form form =
                new Form()
                        .add("name", service)
                        .add("scale", Integer.toString(scale))
                        .add("directory", Path.of("").toAbsolutePath().toString())
                        .addAll("setting", settings)
                        .addAll("environment", System.getenv());
        command.forEach(word -> form.add("command", word));
        return form;
    }

    private static Form scaling(String service, int replicas) {
        return new Form().add("name", service).add("scale", Integer.toString(replicas));
    }
}
