package dev.sameport.plane.proxy.http.message;

/// Why a message is refused: the status of the answer, and what is wrong.
public enum Fault {
    START_LINE(400, "the request line is malformed"),
    METHOD(400, "the method is malformed"),
    TARGET(400, "the request target is malformed"),
    VERSION(505, "only HTTP/1.0 and HTTP/1.1 are spoken here"),
    LINE_TOO_LONG(414, "the request line is too long"),
    HEAD_TOO_LARGE(431, "the header fields are too large"),
    TOO_MANY_FIELDS(431, "there are too many header fields"),
    FIELD_NAME(400, "a field name is malformed"),
    FIELD_VALUE(400, "a field value has a character that is not allowed"),
    FOLDED(400, "a field value is folded onto a second line"),
    LINE_END(400, "a line does not end with CR LF"),
    HOST_ABSENT(400, "the Host field is missing"),
    HOST_REPEATED(400, "there is more than one Host field"),
    HOST_MALFORMED(400, "the Host field is malformed"),
    HOST_DIFFERS(400, "the request target and the Host field differ"),
    LENGTH_REPEATED(400, "there is more than one Content-Length"),
    LENGTH_MALFORMED(400, "the Content-Length is malformed"),
    LENGTH_AND_CODING(400, "there are both Content-Length and Transfer-Encoding"),
    CODING_REPEATED(400, "there is more than one Transfer-Encoding"),
    CODING_UNKNOWN(400, "the Transfer-Encoding is not chunked"),
    CODING_IN_OLD_VERSION(400, "HTTP/1.0 has no Transfer-Encoding"),
    CONNECTION_OPTION(400, "the Connection field names a field that must not be removed"),
    EXPECTATION(417, "the expectation can not be met"),
    CHUNK_SIZE(400, "a chunk size is malformed"),
    CHUNK_EXTENSION(400, "a chunk extension is malformed or too long"),
    CHUNK_END(400, "a chunk does not end where its size says"),
    TRAILERS(400, "the trailer fields are malformed or too large"),
    TIMEOUT(408, "the request took too long to arrive");

    private final int status;
    private final String text;

    Fault(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /// The status of the answer to such a request; such an answer is a 502.
    public int status() {
        return status;
    }

    /// What is wrong, for people.
    public String text() {
        return text;
    }
}
