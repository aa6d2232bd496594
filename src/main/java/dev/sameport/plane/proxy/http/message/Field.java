package dev.sameport.plane.proxy.http.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;

/// The field names that a proxy looks at.
public enum Field {
    HOST,
    CONNECTION,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    KEEP_ALIVE,
    PROXY_CONNECTION,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    UPGRADE,
    HTTP2_SETTINGS,
    EXPECT,
    X_FORWARDED_FOR,
    X_FORWARDED_PROTO,
    X_FORWARDED_HOST,
    X_FORWARDED_PORT,
    FORWARDED,
    X_REQUEST_ID,
    TRACEPARENT,
    COOKIE,
    SET_COOKIE,
    AUTHORIZATION,
    ACCEPT,
    CONTENT_TYPE,
    DATE,
    SERVER,
    LOCATION,
    RETRY_AFTER,
    USER_AGENT,
    REFERER,
    /// Any other name.
    OTHER;

    private static final int LONGEST = 24;
    private static final Field[][] BY_LENGTH = byLength();

    @SuppressWarnings("ImmutableEnumChecker") // Never written to.
    private final byte[] name =
            name().toLowerCase(Locale.ROOT).replace('_', '-').getBytes(US_ASCII);

    /// The name in lower case.
    public String text() {
        return new String(name, US_ASCII);
    }

    /// The field whose name these token characters are, in any case.
    static Field of(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length > LONGEST) {
            return OTHER;
        }
        for (Field candidate : BY_LENGTH[length]) {
            if (candidate.is(bytes, start)) {
                return candidate;
            }
        }
        return OTHER;
    }

    /// Among token characters, only a letter's upper case differs from it in this one bit alone.
    private boolean is(byte[] bytes, int start) {
        for (int i = 0; i < name.length; i++) {
            if ((bytes[start + i] | 0x20) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static Field[][] byLength() {
        Field[][] table = new Field[LONGEST + 1][];
        for (int length = 0; length <= LONGEST; length++) {
            int wanted = length;
            table[length] =
                    java.util.Arrays.stream(values())
                            .filter(field -> field != OTHER && field.name.length == wanted)
                            .toArray(Field[]::new);
        }
        return table;
    }
}
