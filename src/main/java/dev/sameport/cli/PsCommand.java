package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        header = "Endpoints: phase, weight, new connections so far, and the bridge they are on.",
        footerHeading = "%nExamples:%n",
        footer = {"  sameport ps", "  sameport ps --json"})
final class PsCommand implements Cli.Wordless {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        System.out.print(
                new AdminClient(location.socket())
                        .get(
                                json
                                        ? "/v1/replicas.json"
                                        : "/v1/replicas" + Screen.colour(System.getenv())));
        return 0;
    }
}
