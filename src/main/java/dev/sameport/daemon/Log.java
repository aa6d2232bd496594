package dev.sameport.daemon;

import java.io.PrintStream;
import java.time.Clock;
import java.util.Locale;

/// The daemon's log: one line per state change, key=value, on standard error. Values with spaces or
/// quotes are quoted; control characters never get through.
public final class Log {
    /// How much is told; each level includes those after it.
    public enum Level {
        DEBUG,
        INFO,
        WARN
    }

    private final PrintStream out;
    private final Clock clock;
    private final Level least;

    public Log(PrintStream out, Clock clock, Level least) {
        this.out = out;
        this.clock = clock;
        this.least = least;
    }

    /// What only someone looks at who hunts a fault.
    public void debug(String event, Object... pairs) {
        write(Level.DEBUG, event, pairs);
    }

    /// Something happened as it should. @param pairs key, value, key, value …
    public void info(String event, Object... pairs) {
        write(Level.INFO, event, pairs);
    }

    /// Something that a person should look at.
    public void warn(String event, Object... pairs) {
        write(Level.WARN, event, pairs);
    }

    void write(Level level, String event, Object... pairs) {
        if (level.compareTo(least) < 0) {
            return;
        }
        StringBuilder line = new StringBuilder();
        line.append("time=")
                .append(clock.instant())
                .append(" level=")
                .append(level.name().toLowerCase(Locale.ROOT))
                .append(" event=")
                .append(event);
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            line.append(' ')
                    .append(pairs[i])
                    .append('=')
                    .append(quoted(String.valueOf(pairs[i + 1])));
        }
        out.println(line);
    }

    static String quoted(String value) {
        boolean plain =
                !value.isEmpty()
                        && value.chars()
                                .allMatch(c -> c > ' ' && c != '"' && c != '=' && c != 0x7f);
        if (plain) {
            return value;
        }
        StringBuilder quoted = new StringBuilder("\"");
        value.chars()
                .forEach(c -> {
                    if (c == '"' || c == '\\') {
                        quoted.append('\\').append((char) c);
                    } else if (c < ' ' || c == 0x7f) {
                        quoted.append(String.format("\\u%04x", c));
                    } else {
                        quoted.append((char) c);
                    }
                });
        return quoted.append('"').toString();
    }
}
