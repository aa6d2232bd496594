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

    /// Reads the mark at the beginning of a line, coloured or not, or the JSON; what a check found
    /// can't look like either, because it begins no line and its quotes are escaped.
    private static boolean failed(String answer) {
        return answer.contains("\"outcome\":\"fail\"")
                || answer.lines().anyMatch(line -> line.matches("(\u001b\\[31m)?FAIL\\b.*"));
    }

    @Override
    public Integer call() {
        String path = json ? "/v1/doctor.json" : "/v1/doctor" + Screen.colour(System.getenv());
        String answer = new AdminClient(location.socket()).get(path);
        System.out.print(answer);
        return failed(answer) ? Cli.FAILURE : 0;
    }
}
