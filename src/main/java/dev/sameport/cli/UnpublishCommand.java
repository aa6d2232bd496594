package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import dev.sameport.admin.Form;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        header = "Takes back what `sameport publish` declared.",
        footerHeading = "%nExamples:%n",
        footer = {"  sameport unpublish web", "  sameport unpublish 80"})
final class UnpublishCommand implements Callable<Integer> {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Parameters(
            paramLabel = "NAME|PORT",
            description = "The service's name, or its published port.")
    String name = "";

    @Override
    public Integer call() {
        System.out.print(
                new AdminClient(location.socket())
                        .post("/v1/unpublish", new Form().add("name", name)));
        return 0;
    }
}
