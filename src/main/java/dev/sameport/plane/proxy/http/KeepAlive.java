package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.Field;
import dev.sameport.plane.proxy.http.message.Head;
import java.util.concurrent.TimeUnit;

/// What an endpoint says about how long it keeps an idle connection: `Keep-Alive: timeout=5`.
final class KeepAlive {
    private static final String PARAMETER = "timeout=";
    private static final int MOST_DIGITS = 6;

    /// The request that is sent last must still arrive in time.
    private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private KeepAlive() {}

    /// How long to keep it, in nanoseconds: `most`, or a second less than the endpoint's own limit
    /// where that is shorter.
    static long limit(Head answer, long most) {
        int field = answer.first(Field.KEEP_ALIVE);
        if (field < 0) {
            return most;
        }
        long seconds = seconds(answer.value(field));
        if (seconds < 0) {
            return most;
        }
        long granted = TimeUnit.SECONDS.toNanos(seconds) - MARGIN_NANOS;
        return Math.clamp(granted, MARGIN_NANOS / 2, most);
    }

    /// The seconds of `timeout=`, or -1.
    private static long seconds(String value) {
        int at = value.toLowerCase(java.util.Locale.ROOT).indexOf(PARAMETER);
        if (at < 0) {
            return -1;
        }
        long seconds = -1;
        int from = at + PARAMETER.length();
        for (int i = from; i < value.length() && i < from + MOST_DIGITS; i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            seconds = Math.max(seconds, 0) * 10 + digit;
        }
        return seconds;
    }
}
