package dev.sameport.cli;

import dev.sameport.admin.AdminClient;
import dev.sameport.engine.EngineException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/// `sameport COMMAND …`. Only the chosen command's model is built: start-up time.
public final class Cli {
    /// It failed.
    public static final int FAILURE = 1;

    /// The words were off.
    public static final int USAGE = 2;

    private static final List<String> NAMES =
            List.of(
                    "clean",
                    "demo",
                    "doctor",
                    "events",
                    "explain",
                    "ls",
                    "ps",
                    "publish",
                    "run",
                    "sandbox create",
                    "sandbox image",
                    "sandbox ls",
                    "sandbox rm",
                    "serve",
                    "unpublish",
                    "version");

    private static final List<String> ASKS = List.of("help", "--help", "-h");

    private static final String HELP =
            """
            Usage: sameport COMMAND [OPTION…]

            Lets any number of containers share one port of this machine.

              demo        the main job, in a network of its own, with nothing installed but a JDK
              serve       the daemon: follows Docker and Podman, keeps the ports
              publish     share a port among containers that already run, or plain addresses
              unpublish   take that back
              run         no containers at all: N processes, each in its own network namespace
              sandbox     network namespaces that replicas join to share a port in them
              ls          services and their ports
              ps          endpoints, their phases and counts
              events      what changes, as it changes
              explain     why something is served the way it is
              doctor      what this machine can do, and what to mend
              clean       put everything back as it was before the first start
              version     which version this is, and the daemon's

            `sameport COMMAND --help` tells more, with examples.
            Exit codes: 0 done, 1 failed, 2 the words were off.
            """;

    private Cli() {}

    /// Runs one command line and returns its exit code.
    public static int run(String... words) {
        if (words.length == 0 || ASKS.contains(words[0])) {
            return help(words);
        }
        if (words[0].equals(SandboxHelp.GROUP) && (words.length == 1 || ASKS.contains(words[1]))) {
            System.out.print(SandboxHelp.TEXT);
            return words.length == 1 ? USAGE : 0;
        }
        int length = words[0].equals(SandboxHelp.GROUP) ? 2 : 1;
        String name = words[0].equals("--version") ? "version" : first(words, length);
        if (!NAMES.contains(name)) {
            System.err.println(
                    "sameport: there is no command '"
                            + name
                            + "'"
                            + nearest(name)
                            + "; see `sameport --help`");
            return USAGE;
        }
        if (words.length == length && command(name) instanceof Wordless wordless) {
            return call(name, wordless);
        }
        return execute(
                name,
                command(name),
                List.of(words).subList(length, words.length).toArray(String[]::new));
    }

    private static String first(String[] words, int count) {
        return String.join(" ", List.of(words).subList(0, count));
    }

    /// `help`, `help COMMAND`, or nothing at all.
    private static int help(String... words) {
        if (words.length > 1) {
            String name = first(words, words.length).substring(words[0].length() + 1);
            if (NAMES.contains(name) || name.equals(SandboxHelp.GROUP)) {
                return run((name + " --help").split(" "));
            }
        }
        System.out.print(HELP);
        return words.length == 0 ? USAGE : 0;
    }

    /// A command that means something without any words after its name.
    ///
    /// Then there is nothing to parse, and loading the parser would be half of what `sameport ls`
    /// takes.
    interface Wordless extends Callable<Integer> {}

    private static int call(String name, Wordless command) {
        try {
            return command.call();
        } catch (Exception problem) {
            return failed(name, problem);
        }
    }

    private static String nearest(String name) {
        // Two letters of the last word.
        String beginning = name.substring(0, Math.min(name.length(), name.lastIndexOf(' ') + 3));
        return NAMES.stream()
                .filter(known -> name.length() > 1 && known.startsWith(beginning))
                .findFirst()
                .map(known -> ", perhaps '" + known + "'")
                .orElse("");
    }

    private static int execute(String name, Object command, String... words) {
        return commandLine(name, command).execute(words);
    }

    static CommandLine commandLine(String name, Object command) {
        CommandLine line =
                command instanceof SettingFlags.Holder holder
                        ? new CommandLine(SettingFlags.spec(holder))
                        : new CommandLine(command);
        line.setCommandName("sameport " + name);
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setParameterExceptionHandler(
                (problem, _) -> usage(name, String.valueOf(problem.getMessage())));
        line.setExecutionExceptionHandler((problem, _, _) -> failed(name, problem));
        return line;
    }

    /// A switch, because a table of constructor references loads the class of each.
    static Object command(String name) {
        return switch (name) {
            case "clean" -> new CleanCommand();
            case "demo" -> new DemoCommand();
            case "doctor" -> new DoctorCommand();
            case "events" -> new EventsCommand();
            case "explain" -> new ExplainCommand();
            case "ls" -> new LsCommand();
            case "ps" -> new PsCommand();
            case "publish" -> new PublishCommand();
            case "run" -> new RunCommand();
            case "sandbox create" -> new SandboxCreateCommand();
            case "sandbox image" -> new SandboxImageCommand();
            case "sandbox ls" -> new SandboxListCommand();
            case "sandbox rm" -> new SandboxRemoveCommand();
            case "serve" -> new ServeCommand();
            case "unpublish" -> new UnpublishCommand();
            case "version" -> new VersionCommand();
            default -> throw new IllegalArgumentException("there is no command " + name);
        };
    }

    static List<String> names() {
        return NAMES;
    }

    private static int usage(String name, String message) {
        System.err.println("sameport " + name + ": " + message);
        System.err.println("See `sameport " + name + " --help`.");
        return USAGE;
    }

    private static int failed(String name, Exception problem) {
        return switch (problem) {
            case AdminClient.Refused refused when refused.usage() ->
                    usage(name, String.valueOf(refused.getMessage()));
            case AdminClient.Refused refused -> say(name, String.valueOf(refused.getMessage()));
            case IllegalArgumentException words -> usage(name, String.valueOf(words.getMessage()));
            case IllegalStateException state -> say(name, String.valueOf(state.getMessage()));
            case EngineException engine -> say(name, String.valueOf(engine.getMessage()));
            case UncheckedIOException io -> say(name, String.valueOf(io.getMessage()));
            default -> {
                problem.printStackTrace();
                yield FAILURE;
            }
        };
    }

    private static int say(String name, String message) {
        System.err.println("sameport " + name + ": " + message);
        return FAILURE;
    }
}
