package dev.sameport.plane.proxy.http.message;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// What a head that is well formed must also be, so that its next reader understands the same: one
/// host, one way to tell where the body ends (RFC 9112 3.2, 6.1–6.3).
final class HeadRules {
    private static final AsciiString CHUNKED = AsciiString.cached("chunked");
    private static final AsciiString CONTINUE = AsciiString.cached("100-continue");
    private static final AsciiString CLOSE = AsciiString.cached("close");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString UPGRADE = AsciiString.cached("upgrade");
    private static final AsciiString H2C = AsciiString.cached("h2c");
    private static final int MOST_DIGITS = 18;

    private HeadRules() {}

    static @Nullable Fault request(Head head) {
        Fault fault = common(head);
        if (fault == null) {
            fault = Targets.check(head);
        }
        if (fault != null) {
            return fault;
        }
        int expect = head.first(Field.EXPECT);
        if (expect >= 0 && head.minorVersion == 1) {
            if (!head.valueEquals(expect, CONTINUE)) {
                return Fault.EXPECTATION;
            }
            head.expectsContinue = true;
        }
        if (head.upgradeField >= 0 && hasToken(head, head.upgradeField, H2C)) {
            head.upgradeField = -1; // Its next hop must not take it up.
        }
        return null;
    }

    static @Nullable Fault answer(Head head, Method asked) {
        Fault fault = common(head);
        if (fault != null) {
            return fault;
        }
        boolean informational = head.status < 200;
        if (head.status == 101) {
            head.framing = Framing.UPGRADED;
        } else if (informational
                || head.status == 204
                || head.status == 304
                || asked == Method.HEAD) {
            head.framing = Framing.NONE;
        } else if (head.framing == Framing.NONE) {
            head.framing = Framing.UNTIL_CLOSE;
        }
        if (informational || head.status == 204) {
            int length = head.first(Field.CONTENT_LENGTH);
            if (length >= 0) {
                head.drop(length);
            }
        }
        return null;
    }

    static void trailers(Head head) {
        for (int i = 0; i < head.fields; i++) {
            if (head.names[i] != Field.OTHER) {
                head.drop(i); // None that a proxy acts on may come this late.
            }
        }
    }

    private static @Nullable Fault common(Head head) {
        head.framing = Framing.NONE;
        head.length = 0;
        head.expectsContinue = false;
        head.upgradeField = -1;
        head.namesFields = false;
        head.keepAlive = head.minorVersion == 1;
        int length = -1;
        int coding = -1;
        int upgrade = -1;
        boolean wantsUpgrade = false;
        for (int i = 0; i < head.fields; i++) {
            switch (head.names[i]) {
                case CONTENT_LENGTH -> {
                    if (length >= 0) {
                        return Fault.LENGTH_REPEATED;
                    }
                    length = i;
                }
                case TRANSFER_ENCODING -> {
                    if (coding >= 0) {
                        return Fault.CODING_REPEATED;
                    }
                    coding = i;
                }
                case CONNECTION -> {
                    if (!connection(head, i)) {
                        return Fault.CONNECTION_OPTION;
                    }
                    wantsUpgrade |= hasToken(head, i, UPGRADE);
                }
                case UPGRADE -> upgrade = upgrade < 0 ? i : upgrade;
                default -> {}
            }
        }
        if (wantsUpgrade && head.minorVersion == 1) {
            head.upgradeField = upgrade;
        }
        return framing(head, length, coding);
    }

    private static @Nullable Fault framing(Head head, int length, int coding) {
        if (coding >= 0) {
            if (length >= 0) {
                return Fault.LENGTH_AND_CODING;
            }
            if (head.minorVersion == 0) {
                return Fault.CODING_IN_OLD_VERSION;
            }
            if (!head.valueEquals(coding, CHUNKED)) {
                return Fault.CODING_UNKNOWN;
            }
            head.framing = Framing.CHUNKED;
        } else if (length >= 0) {
            long value = decimal(head, length);
            if (value < 0) {
                return Fault.LENGTH_MALFORMED;
            }
            head.framing = Framing.LENGTH;
            head.length = value;
        }
        return null;
    }

    private static long decimal(Head head, int field) {
        int start = head.valueStart(field);
        int end = head.valueEnd(field);
        if (end == start || end - start > MOST_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = head.bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }

    // ---- Connection

    /// Takes in what one `Connection` field says; false where it names a field without which the
    /// message would mean something else.
    private static boolean connection(Head head, int field) {
        int end = head.valueEnd(field);
        int i = head.valueStart(field);
        while (i < end) {
            int next = tokenEnd(head, i, end);
            int stop = trimmed(head, i, next);
            int start = i;
            i = next + 1;
            while (start < stop && Characters.isBlank(head.bytes[start])) {
                start++;
            }
            if (start == stop) {
                continue;
            }
            if (is(head, start, stop, CLOSE)) {
                head.keepAlive = false;
            } else if (is(head, start, stop, KEEP_ALIVE)) {
                head.keepAlive |= head.minorVersion == 0;
            } else if (!is(head, start, stop, UPGRADE)) {
                head.namesFields = true;
                if (isNeeded(Field.of(head.bytes, start, stop))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isNeeded(Field field) {
        return switch (field) {
            case HOST,
                    CONTENT_LENGTH,
                    TRANSFER_ENCODING,
                    CONTENT_TYPE,
                    EXPECT,
                    COOKIE,
                    AUTHORIZATION,
                    SET_COOKIE,
                    LOCATION,
                    DATE ->
                    true;
            default -> false;
        };
    }

    static boolean isNamedByConnection(Head head, int index) {
        for (int i = 0; i < head.fields; i++) {
            if (head.names[i] == Field.CONNECTION && names(head, i, index)) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(Head head, int connection, int index) {
        int end = head.valueEnd(connection);
        int i = head.valueStart(connection);
        while (i < end) {
            int next = tokenEnd(head, i, end);
            int stop = trimmed(head, i, next);
            int start = i;
            i = next + 1;
            while (start < stop && Characters.isBlank(head.bytes[start])) {
                start++;
            }
            if (sameName(head, start, stop, index)) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameName(Head head, int start, int stop, int index) {
        int name = head.nameStart(index);
        if (stop - start != head.nameEnd(index) - name) {
            return false;
        }
        for (int i = 0; i < stop - start; i++) {
            if (Characters.lower(head.bytes[start + i]) != Characters.lower(head.bytes[name + i])) {
                return false;
            }
        }
        return true;
    }

    private static int tokenEnd(Head head, int from, int end) {
        int i = from;
        while (i < end && head.bytes[i] != ',') {
            i++;
        }
        return i;
    }

    private static int trimmed(Head head, int from, int end) {
        int i = end;
        while (i > from && Characters.isBlank(head.bytes[i - 1])) {
            i--;
        }
        return i;
    }

    private static boolean hasToken(Head head, int field, AsciiString token) {
        int end = head.valueEnd(field);
        int i = head.valueStart(field);
        while (i < end) {
            int next = tokenEnd(head, i, end);
            int stop = trimmed(head, i, next);
            int start = i;
            i = next + 1;
            while (start < stop && Characters.isBlank(head.bytes[start])) {
                start++;
            }
            if (is(head, start, stop, token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(Head head, int start, int stop, AsciiString token) {
        if (stop - start != token.length()) {
            return false;
        }
        for (int i = 0; i < token.length(); i++) {
            if (Characters.lower(head.bytes[start + i]) != token.byteAt(i)) {
                return false;
            }
        }
        return true;
    }
}
