package dev.sameport.plane.proxy.http.message;

/// How large a head may be.
///
/// @param headBytes bytes in all, the empty line included
/// @param fields field lines
/// @param startLine bytes of the request line or status line
public record Limits(int headBytes, int fields, int startLine) {
    public static final Limits REQUEST = new Limits(32 << 10, 100, 16 << 10);
    public static final Limits ANSWER = new Limits(64 << 10, 200, 16 << 10);

    /// For the fields after the last chunk.
    public static final Limits TRAILERS = new Limits(8 << 10, 50, 1);

    public Limits {
        if (headBytes < 256 || fields < 1 || startLine < 1) {
            throw new IllegalArgumentException(
                    "limits %d bytes, %d fields, %d bytes of start line: at least 256, 1 and 1"
                            .formatted(headBytes, fields, startLine));
        }
    }
}
