package dev.sameport.provider.engine;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Signal numbers and names, as engines write them: `15`, `TERM`, `SIGTERM` (signal(7), x86 and
/// ARM).
final class Signals {
    /// In the order of their numbers, from 1 on.
    private static final List<String> NAMES =
            List.of(
                    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
                    "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
                    "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
                    "PWR", "SYS");

    private static final int FIRST_REALTIME = 34;
    private static final int LAST_REALTIME = 64;
    private static final Pattern REALTIME = Pattern.compile("RT(MIN|MAX)(?:([+-])([0-9]{1,2}))?");
    private static final int TERM = 15;
    private static final int KILL = 9;

    private Signals() {}

    /// Whether `sent` ends a container that stops on `stopSignal` (empty for the default, SIGTERM).
    static boolean stops(@Nullable String sent, String stopSignal) {
        int number = number(sent == null ? "" : sent);
        int stop = stopSignal.isEmpty() ? TERM : number(stopSignal);
        return number != 0 && (number == KILL || number == stop);
    }

    /// 0 for what is no known signal.
    static int number(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        if (upper.matches("[0-9]{1,3}")) {
            return Integer.parseInt(upper);
        }
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        Matcher realtime = REALTIME.matcher(name);
        return realtime.matches() ? realtime(realtime) : NAMES.indexOf(name) + 1;
    }

    /// glibc keeps the first two real-time signals to itself (signal(7)).
    private static int realtime(Matcher parts) {
        int base = parts.group(1).equals("MIN") ? FIRST_REALTIME : LAST_REALTIME;
        int offset = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
        int number = "-".equals(parts.group(2)) ? base - offset : base + offset;
        return number < FIRST_REALTIME || number > LAST_REALTIME ? 0 : number;
    }
}
