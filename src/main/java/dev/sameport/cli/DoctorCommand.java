package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        header =
                "What this machine can do, what the daemon found, and what to mend. Exit code 1 if something failed.",
        footerHeading = "%nExamples:%n",
        footer = {"  sameport doctor", "  sameport doctor --json"})
final class DoctorCommand implements Callable<Integer> {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    public Integer call() {
        String answer =
                new AdminClient(location.socket()).get(json ? "/v1/doctor.json" : "/v1/doctor");
        System.out.print(answer);
        return answer.contains(json ? "\"outcome\":\"fail\"" : "\nFAIL  ")
                        || answer.startsWith("FAIL  ")
                ? Cli.FAILURE
                : 0;
    }
}
