package dev.sameport.daemon;

import dev.sameport.plane.nat.NatOptions;
import dev.sameport.provider.process.RunSubnet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a daemon is to run.
///
/// @param engines `--engine` values; empty for the usual sockets
/// @param followEngines false for `--no-engines`
/// @param useNat false for `--no-nat`
/// @param certificates the directory below which labels may name certificates
/// @param removeRules whether SIGTERM removes the rules
/// @param logLevel how much is logged
public record ServeOptions(
        Path runDirectory,
        Path stateDirectory,
        List<String> engines,
        boolean followEngines,
        boolean useNat,
        NatOptions nat,
        Path certificates,
        boolean removeRules,
        boolean trustImageLabels,
        RunSubnet runSubnet,
        Log.Level logLevel) {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)?");

    public ServeOptions {
        engines = List.copyOf(engines);
    }

    /// From the command line's words.
    ///
    /// @throws IllegalArgumentException that names the word that is off
    public static ServeOptions parse(
            Path runDirectory,
            Path stateDirectory,
            List<String> engines,
            boolean followEngines,
            boolean useNat,
            String mark,
            String keepRulesFor,
            Path certificates,
            boolean removeRules,
            boolean trustImageLabels,
            String runSubnet,
            String logLevel) {
        String[] parts = mark.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(
                    "mark '" + mark + "' is not of the form 0x5a000000/0xff000000");
        }
        NatOptions nat =
                new NatOptions(number(parts[0]), number(parts[1]), duration(keepRulesFor), false);
        return new ServeOptions(
                runDirectory,
                stateDirectory,
                engines,
                followEngines,
                useNat,
                nat,
                certificates,
                removeRules,
                trustImageLabels,
                RunSubnet.parse(runSubnet),
                level(logLevel));
    }

    private static Log.Level level(String text) {
        return switch (text) {
            case "debug" -> Log.Level.DEBUG;
            case "info" -> Log.Level.INFO;
            case "warn" -> Log.Level.WARN;
            default ->
                    throw new IllegalArgumentException(
                            "log level '" + text + "' is none of debug, info and warn");
        };
    }

    private static int number(String text) {
        try {
            return (int) Long.decode(text).longValue();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a number, such as 0x5a000000", e);
        }
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "duration '" + text + "' is not of the form 500ms, 30s, 10m or 1h");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
