package dev.sameport.cli;

import dev.sameport.daemon.Daemon;
import dev.sameport.daemon.ServeOptions;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        header =
                "The daemon: follows Docker and Podman and keeps the ports. Runs in the foreground.",
        description =
                "On SIGTERM it ends and leaves its rules in force, so that traffic goes on until the next start or for --keep-rules-for.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sameport serve",
            "  sameport serve --engine unix:///run/user/1000/podman/podman.sock",
            "  sameport serve --no-engines",
            "  sameport serve --no-nat"
        })
final class ServeCommand implements Cli.Wordless {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Option(
            names = "--engine",
            paramLabel = "SOCKET",
            description =
                    "An engine to follow, as unix:///PATH; may be repeated. Default: the usual sockets and $DOCKER_HOST.")
    List<String> engines = List.of();

    @Option(names = "--no-engines", description = "Follow no engine: only `run` and `publish`.")
    boolean noEngines;

    @Option(
            names = "--no-nat",
            description = "Load no rules: everything goes through the listener.")
    boolean noNat;

    @Option(
            names = "--mark",
            paramLabel = "MARK/MASK",
            description = "The connection mark. Default: 0x5a000000/0xff000000.")
    String mark = "0x5a000000/0xff000000";

    @Option(
            names = "--keep-rules-for",
            paramLabel = "DURATION",
            description = "How long the rules outlive the daemon. Default: 10m.")
    String keepRulesFor = "10m";

    @Option(
            names = "--certs",
            paramLabel = "DIRECTORY",
            description =
                    "Where the certificates lie that labels name. Default: /etc/sameport/certs.")
    Path certificates = Path.of("/etc/sameport/certs");

    @Option(names = "--remove-rules", description = "Remove the rules on SIGTERM.")
    boolean removeRules;

    @Option(
            names = "--trust-image-labels",
            description = "Labels that a container has only from its image count too.")
    boolean trustImageLabels;

    @Option(
            names = "--run-subnet",
            paramLabel = "SUBNET",
            description = "Addresses for replicas of `run`. Default: 198.19.240.0/22.")
    String runSubnet = "198.19.240.0/22";

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "How much is logged: debug, info or warn. Default: info.")
    String logLevel = "info";

    @Override
    public Integer call() throws Exception {
        return Daemon.run(
                ServeOptions.parse(
                        location.runDirectory(),
                        location.stateDirectory(),
                        engines,
                        !noEngines,
                        !noNat,
                        mark,
                        keepRulesFor,
                        certificates,
                        removeRules,
                        trustImageLabels,
                        runSubnet,
                        logLevel));
    }
}
