package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        header = "Why a service, a port or a container is served the way it is.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport explain web",
            "  sameport explain 80",
            "  sameport explain shop_app_1",
            "  sameport explain 80 --json"
        })
final class ExplainCommand implements Callable<Integer> {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Parameters(
            paramLabel = "NAME|PORT|CONTAINER",
            description = "A service, a published port, or a replica.")
    String subject = "";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        String form = json ? "/json" : Screen.colour(System.getenv());
        System.out.print(
                new AdminClient(location.socket())
                        .get("/v1/explain/" + AdminClient.segment(subject) + form));
        return 0;
    }
}
