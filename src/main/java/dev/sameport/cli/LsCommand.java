package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        header = "Services and their published ports.",
        footerHeading = "%nExamples:%n",
        footer = {"  sameport ls", "  sameport ls --json | jq '.services[].ports[].plane'"})
final class LsCommand implements Cli.Wordless {
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
                                        ? "/v1/services.json"
                                        : "/v1/services" + Screen.colour(System.getenv())));
        return 0;
    }
}
