package dev.sameport.plane.proxy.http;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/// Names requests: 32 hexadecimal digits, the first 16 by chance for each event loop and start, the
/// rest by a generator that never repeats in practice. They are names, not secrets.
final class RequestIds {
    static final int LENGTH = 32;

    private static final byte[] DIGITS = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private final long prefix;
    private final SplittableRandom random;

    RequestIds() {
        SecureRandom seed = new SecureRandom();
        prefix = seed.nextLong();
        random = new SplittableRandom(seed.nextLong());
    }

    /// The second half of the next one.
    long next() {
        return random.nextLong();
    }

    /// Writes the whole one.
    void write(ByteBuf out, long id) {
        hex(out, prefix);
        hex(out, id);
    }

    String text(long id) {
        return "%016x%016x".formatted(prefix, id);
    }

    private static void hex(ByteBuf out, long value) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            out.writeByte(DIGITS[(int) (value >>> shift) & 15]);
        }
    }
}
