package dev.sameport.plane.proxy.http.message;

/// The request methods that mean something to a proxy (RFC 9110 9.3, RFC 5789).
public enum Method {
    GET(true),
    HEAD(true),
    POST(false),
    PUT(true),
    DELETE(true),
    OPTIONS(true),
    TRACE(true),
    PATCH(false),
    CONNECT(false),
    /// Any other token: not known to be idempotent.
    OTHER(false);

    private static final Method[] KNOWN = {
        GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH, CONNECT
    };

    private final boolean idempotent;

    @SuppressWarnings("ImmutableEnumChecker") // Never written to.
    private final byte[] token;

    Method(boolean idempotent) {
        this.idempotent = idempotent;
        this.token = name().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /// Whether sending it twice does what sending it once does (RFC 9110 9.2.2).
    public boolean idempotent() {
        return idempotent;
    }

    static Method of(byte[] bytes, int start, int end) {
        for (Method method : KNOWN) {
            if (java.util.Arrays.equals(method.token, 0, method.token.length, bytes, start, end)) {
                return method;
            }
        }
        return OTHER;
    }
}
