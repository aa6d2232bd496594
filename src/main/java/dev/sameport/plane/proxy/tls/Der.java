package dev.sameport.plane.proxy.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/// The few values of DER (X.690) that a certificate and a key are made of.
final class Der {
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0c;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int UTC_TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    /// Dates before 2050 are UTCTime (RFC 5280, section 4.1.2.5).
    private static final int FIRST_GENERALIZED_YEAR = 2050;

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] value(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        writeLength(out, content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length < 0x80) {
            out.write(length);
            return;
        }
        byte[] bytes = BigInteger.valueOf(length).toByteArray();
        int from = bytes[0] == 0 ? 1 : 0;
        out.write(0x80 | (bytes.length - from));
        out.write(bytes, from, bytes.length - from);
    }

    static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, parts);
    }

    static byte[] set(byte[]... parts) {
        return value(SET, parts);
    }

    static byte[] integer(BigInteger number) {
        return value(INTEGER, number.toByteArray());
    }

    static byte[] yes() {
        return value(BOOLEAN, new byte[] {(byte) 0xff});
    }

    static byte[] octets(byte[] bytes) {
        return value(OCTET_STRING, bytes);
    }

    /// A string of bits of which the last `unused` don't count.
    static byte[] bits(int unused, byte[] bytes) {
        return value(BIT_STRING, new byte[] {(byte) unused}, bytes);
    }

    static byte[] text(String text) {
        return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] time(Instant instant) {
        boolean early = instant.atZone(ZoneOffset.UTC).getYear() < FIRST_GENERALIZED_YEAR;
        String text = (early ? UTC : GENERALIZED).format(instant);
        return value(early ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    /// An object identifier by its dotted numbers.
    static byte[] identifier(String dotted) {
        long[] arcs = Arrays.stream(dotted.split("\\.")).mapToLong(Long::parseLong).toArray();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write((int) (arcs[0] * 40 + arcs[1]));
        for (int index = 2; index < arcs.length; index++) {
            writeBase128(content, arcs[index]);
        }
        return value(OBJECT_IDENTIFIER, content.toByteArray());
    }

    private static void writeBase128(ByteArrayOutputStream out, long number) {
        int groups = Math.max(1, (70 - Long.numberOfLeadingZeros(number)) / 7);
        for (int group = groups - 1; group >= 0; group--) {
            int bits = (int) (number >>> (7 * group)) & 0x7f;
            out.write(group == 0 ? bits : bits | 0x80);
        }
    }

    /// The first value inside a sequence, with its tag and length.
    ///
    /// @throws IllegalArgumentException where `sequence` isn't one with a value in it
    static byte[] firstOf(byte[] sequence) {
        if (sequence.length < 2 || sequence[0] != SEQUENCE) {
            throw new IllegalArgumentException("not a DER sequence");
        }
        int start = contentOf(sequence, 0);
        int end = start + lengthAt(sequence, start);
        if (end > sequence.length) {
            throw new IllegalArgumentException("DER ends before its value does");
        }
        return Arrays.copyOfRange(sequence, start, end);
    }

    /// How many bytes the value at `at` takes, with its tag and length.
    private static int lengthAt(byte[] der, int at) {
        int content = contentOf(der, at);
        int first = der[at + 1] & 0xff;
        int length = first < 0x80 ? first : 0;
        for (int index = at + 2; index < content; index++) {
            length = (length << 8) | (der[index] & 0xff);
        }
        if (length < 0) {
            throw new IllegalArgumentException("DER length " + length);
        }
        return Math.addExact(content - at, length);
    }

    /// Where the content of the value at `at` begins.
    private static int contentOf(byte[] der, int at) {
        if (at + 2 > der.length) {
            throw new IllegalArgumentException("DER ends within a value");
        }
        int first = der[at + 1] & 0xff;
        int more = first < 0x80 ? 0 : first & 0x7f;
        if (first == 0x80 || more > 4 || at + 2 + more > der.length) {
            throw new IllegalArgumentException("DER length of " + more + " bytes");
        }
        return at + 2 + more;
    }
}
