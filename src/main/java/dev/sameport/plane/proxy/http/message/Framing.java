package dev.sameport.plane.proxy.http.message;

/// How the end of a message's body is told (RFC 9112 6.3).
public enum Framing {
    /// There is no body.
    NONE,
    /// By `Content-Length`.
    LENGTH,
    /// By the chunked transfer coding.
    CHUNKED,
    /// By the end of the connection.
    UNTIL_CLOSE,
    /// It is no HTTP any more: 101 was answered.
    UPGRADED
}
