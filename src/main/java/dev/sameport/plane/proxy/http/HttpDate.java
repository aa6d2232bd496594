package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// The line `Date: …` of the current second (RFC 9110 5.6.7), rendered once for each.
final class HttpDate {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                    .withZone(ZoneOffset.UTC);

    private byte[] line = {};
    private long until = Long.MIN_VALUE;

    /// @param now `System.nanoTime()`
    void write(ByteBuf out, long now) {
        if (line.length == 0 || now - until >= 0) {
            Instant time = Instant.now();
            line = ("Date: " + FORMAT.format(time) + "\r\n").getBytes(US_ASCII);
            until = now + TimeUnit.SECONDS.toNanos(1) - time.get(ChronoField.NANO_OF_SECOND);
        }
        out.writeBytes(line);
    }
}
