package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        header = "What changed lately, or, with --follow, what changes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport events",
            "  sameport events --follow",
            "  sameport events --follow --json"
        })
final class EventsCommand implements Callable<Integer> {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until Ctrl-C.")
    boolean follow;

    @Option(names = "--json", description = "Print a line of JSON per change.")
    boolean json;

    @Override
    public Integer call() {
        String path = "/v1/events" + (follow ? "/follow" : "") + (json ? ".json" : "");
        new AdminClient(location.socket()).follow(path, System.out::println);
        return 0;
    }
}
