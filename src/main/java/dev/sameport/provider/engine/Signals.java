package dev.sameport.provider.engine;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Signal numbers and names, as engines write them: `15`, `TERM`, `SIGTERM` (signal(7), x86 and
/// ARM).
final class Signals {
    private static final Map<String, Integer> NUMBERS =
            Map.ofEntries(
                    Map.entry("HUP", 1),
                    Map.entry("INT", 2),
                    Map.entry("QUIT", 3),
                    Map.entry("ABRT", 6),
                    Map.entry("KILL", 9),
                    Map.entry("USR1", 10),
                    Map.entry("USR2", 12),
                    Map.entry("PIPE", 13),
                    Map.entry("ALRM", 14),
                    Map.entry("TERM", 15),
                    Map.entry("CONT", 18),
                    Map.entry("STOP", 19),
                    Map.entry("WINCH", 28),
                    Map.entry("PWR", 30));
    private static final int TERM = 15;
    private static final int KILL = 9;

    private Signals() {}

    /// Whether `sent` ends a container that stops on `stopSignal` (empty for the default, SIGTERM).
    static boolean stops(@Nullable String sent, String stopSignal) {
        int number = number(sent == null ? "" : sent);
        return number == KILL || number == (stopSignal.isEmpty() ? TERM : number(stopSignal));
    }

    /// 0 for what is no known signal.
    static int number(String text) {
        String name = text.toUpperCase(Locale.ROOT).strip();
        if (name.matches("[0-9]{1,3}")) {
            return Integer.parseInt(name);
        }
        if (name.startsWith("RTMIN+") || name.startsWith("SIGRTMIN+")) {
            String offset = name.substring(name.indexOf('+') + 1);
            return offset.matches("[0-9]{1,2}") ? 34 + Integer.parseInt(offset) : 0;
        }
        return NUMBERS.getOrDefault(name.startsWith("SIG") ? name.substring(3) : name, 0);
    }
}
