package dev.sameport.plane.proxy.http.message;

import org.jspecify.annotations.Nullable;

/// What a request asks for and of whom: the target's form (RFC 9112 3.2) and `Host`.
final class Targets {
    private Targets() {}

    static @Nullable Fault check(Head head) {
        int host = -1;
        for (int i = 0; i < head.fields; i++) {
            if (head.names[i] == Field.HOST) {
                if (host >= 0) {
                    return Fault.HOST_REPEATED;
                }
                host = i;
            }
        }
        if (host < 0 && head.minorVersion == 1) {
            return Fault.HOST_ABSENT;
        }
        if (host >= 0 && !isHost(head, head.valueStart(host), head.valueEnd(host))) {
            return Fault.HOST_MALFORMED;
        }
        head.absoluteTarget = false;
        if (head.method == Method.CONNECT || head.bytes[head.targetStart] == '/') {
            return null;
        }
        if (head.bytes[head.targetStart] == '*') {
            boolean fits = head.method == Method.OPTIONS && head.targetEnd - head.targetStart == 1;
            return fits ? null : Fault.TARGET;
        }
        return absolute(head, host);
    }

    /// `http://host/path`: what a client sends to a proxy; the path goes on alone.
    private static @Nullable Fault absolute(Head head, int host) {
        int authority = authorityStart(head);
        if (authority < 0) {
            return Fault.TARGET;
        }
        int end = authority;
        while (end < head.targetEnd && head.bytes[end] != '/' && head.bytes[end] != '?') {
            end++;
        }
        if (end == authority || !isHost(head, authority, end)) {
            return Fault.TARGET;
        }
        if (host < 0 || !same(head, authority, end, host)) {
            return Fault.HOST_DIFFERS;
        }
        head.absoluteTarget = true;
        head.targetStart = end;
        return null;
    }

    private static int authorityStart(Head head) {
        for (String scheme : new String[] {"http://", "https://"}) {
            int length = scheme.length();
            boolean fits = head.targetEnd - head.targetStart > length;
            for (int i = 0; fits && i < length; i++) {
                fits = Characters.lower(head.bytes[head.targetStart + i]) == scheme.charAt(i);
            }
            if (fits) {
                return head.targetStart + length;
            }
        }
        return -1;
    }

    private static boolean same(Head head, int start, int end, int host) {
        int value = head.valueStart(host);
        if (end - start != head.valueEnd(host) - value) {
            return false;
        }
        for (int i = 0; i < end - start; i++) {
            if (Characters.lower(head.bytes[start + i])
                    != Characters.lower(head.bytes[value + i])) {
                return false;
            }
        }
        return true;
    }

    /// A name, an IPv4 address or an IPv6 address in brackets, and perhaps a port (RFC 3986 3.2.2).
    private static boolean isHost(Head head, int start, int end) {
        int i = start;
        if (i == end) {
            return false;
        }
        if (head.bytes[i] == '[') {
            i = bracketed(head, i + 1, end);
            if (i < 0) {
                return false;
            }
        } else {
            while (i < end && isNameByte(head.bytes[i])) {
                i++;
            }
            if (i == start) {
                return false;
            }
        }
        return i == end || isPort(head, i, end);
    }

    private static boolean isNameByte(byte b) {
        return Characters.isHost(b) && b != ':' && b != '[' && b != ']';
    }

    private static int bracketed(Head head, int start, int end) {
        int i = start;
        while (i < end && head.bytes[i] != ']') {
            int b = Characters.lower(head.bytes[i]);
            if (!((b >= '0' && b <= '9') || (b >= 'a' && b <= 'f') || b == ':' || b == '.')) {
                return -1;
            }
            i++;
        }
        return i == start || i == end ? -1 : i + 1;
    }

    private static boolean isPort(Head head, int colon, int end) {
        if (head.bytes[colon] != ':' || end - colon > 6) {
            return false;
        }
        for (int i = colon + 1; i < end; i++) {
            if (head.bytes[i] < '0' || head.bytes[i] > '9') {
                return false;
            }
        }
        return true;
    }
}
