package dev.sameport.plane.proxy.http.message;

/// Which bytes may stand where (RFC 9110 5.5 and 5.6.2, RFC 3986).
final class Characters {
    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte TARGET = 4;
    private static final byte HOST = 8;

    private static final byte[] KIND = kinds();

    private Characters() {}

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int c = 0x21; c <= 0x7e; c++) {
            kinds[c] |= VALUE;
            if (c != '#') {
                kinds[c] |= TARGET;
            }
            boolean alphanumeric =
                    (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                kinds[c] |= TOKEN;
            }
            if (alphanumeric || "-._~%!$&'()*+;=:[]".indexOf(c) >= 0) {
                kinds[c] |= HOST;
            }
        }
        kinds[' '] |= VALUE;
        kinds['\t'] |= VALUE;
        for (int c = 0x80; c <= 0xff; c++) {
            kinds[c] |= VALUE;
        }
        return kinds;
    }

    static boolean isToken(byte b) {
        return (KIND[b & 0xff] & TOKEN) != 0;
    }

    static boolean isValue(byte b) {
        return (KIND[b & 0xff] & VALUE) != 0;
    }

    static boolean isTarget(byte b) {
        return (KIND[b & 0xff] & TARGET) != 0;
    }

    static boolean isHost(byte b) {
        return (KIND[b & 0xff] & HOST) != 0;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }
}
