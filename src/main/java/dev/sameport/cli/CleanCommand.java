package dev.sameport.cli;

import dev.sameport.daemon.Cleaner;
import dev.sameport.provider.engine.EngineSockets;
import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        header =
                "Puts rules, sysctls, links, namespaces and programs back exactly as before the first start, even after a crash.",
        description =
                "Says first what would lose its port, and asks on a terminal. The daemon has to be stopped, or is by --stop. Sandboxes that `sandbox create` made are removed, and the pause image if no container uses it. Published services and claims in the state directory stay, unless --purge.",
        footerHeading = "%nExamples:%n",
        footer = {"  sameport clean", "  sameport clean --stop --yes"})
final class CleanCommand implements Callable<Integer> {
    @Mixin Location location = new Location();
    @Mixin Help help = new Help();

    @Option(
            names = {"-y", "--yes"},
            description = "Don't ask.")
    boolean yes;

    @Option(names = "--stop", description = "Stop the daemon first, if one runs.")
    boolean stop;

    @Option(names = "--purge", description = "Forget published services and claims too.")
    boolean purge;

    @Override
    public Integer call() {
        Cleaner cleaner =
                new Cleaner(location.runDirectory(), location.stateDirectory(), sockets());
        if (!stop) {
            cleaner.check();
        }
        System.out.print(cleaner.preview());
        if (!yes && !confirmed()) {
            System.out.println("Nothing was changed.");
            return 0;
        }
        if (stop) {
            RunningDaemon.of(location.runDirectory()).stop();
            cleaner.check();
        }
        System.out.print(cleaner.clean(purge));
        return cleaner.complete() ? 0 : Cli.FAILURE;
    }

    /// Sandboxes are also made where no daemon ever ran; those of another daemon's are its own.
    private Set<Path> sockets() {
        return location.isUsual()
                ? EngineSockets.find(List.of(), System.getenv(), Location.root()).stream()
                        .map(EngineSockets.EngineSocket::path)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    @SuppressWarnings("SystemConsoleNull") // null where the java.console module is not there
    private static boolean confirmed() {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return true;
        }
        String answer = console.readLine("Go on? [y/N] ");
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}
