package dev.sameport.plane.proxy.http;

/// An answer of our own: an error, with what a person or a program can do about it.
///
/// @param status 400–599
/// @param reason what is wrong, as a sentence for people, without markup
/// @param retryAfter seconds for `Retry-After`, 0 for none
/// @param close whether the client's connection can't go on
record Reply(int status, String reason, int retryAfter, boolean close) {
    static Reply of(int status, String reason) {
        return new Reply(status, reason, 0, false);
    }

    static Reply closing(int status, String reason) {
        return new Reply(status, reason, 0, true);
    }

    static Reply unavailable(String reason) {
        return new Reply(503, reason, 1, false);
    }

    /// The reason phrase of the status line (RFC 9110 15).
    String phrase() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "Error";
        };
    }
}
