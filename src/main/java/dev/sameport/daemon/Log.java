package dev.sameport.daemon;

import java.io.PrintStream;
import java.time.Clock;

/// The daemon's log: one line per state change, key=value, on standard error. Values with spaces or
/// quotes are quoted; control characters never get through.
public final class Log {
    private final PrintStream out;
    private final Clock clock;

    public Log(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /// Something happened as it should. @param pairs key, value, key, value …
    public void info(String event, Object... pairs) {
        write("info", event, pairs);
    }

    /// Something that a person should look at.
    public void warn(String event, Object... pairs) {
        write("warn", event, pairs);
    }

    private void write(String level, String event, Object... pairs) {
        StringBuilder line = new StringBuilder();
        line.append("time=")
                .append(clock.instant())
                .append(" level=")
                .append(level)
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
