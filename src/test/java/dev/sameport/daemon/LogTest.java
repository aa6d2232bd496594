package dev.sameport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class LogTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Log log(Log.Level least) {
        return new Log(
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC),
                least);
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_line_is_key_values() {
        log(Log.Level.INFO).info("ready", "after_ms", 12, "run_dir", "/run/sameport");
        assertEquals(
                "time=2026-01-01T00:00:00Z level=info event=ready after_ms=12 run_dir=/run/sameport\n",
                written());
    }

    @Test
    void hostile_values_stay_on_their_line_and_in_their_quotes() {
        log(Log.Level.INFO)
                .warn("x", "a", "two words", "b", "q\"uote\\", "c", "\n\u001b[31m", "d", "");
        assertEquals(
                "time=2026-01-01T00:00:00Z level=warn event=x a=\"two words\" b=\"q\\\"uote\\\\\""
                        + " c=\"\\u000a\\u001b[31m\" d=\"\"\n",
                written());
    }

    @Test
    void what_is_below_the_level_is_not_written() {
        Log log = log(Log.Level.WARN);
        log.debug("a");
        log.info("b");
        log.warn("c");
        assertEquals("time=2026-01-01T00:00:00Z level=warn event=c\n", written());
    }
}
