package dev.sameport.plane.proxy.http.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Finds the lines of a head and checks every byte of them (RFC 9112 2–5), once, line by line: a
/// head that arrives in pieces is taken up again at its last incomplete line.
final class HeadParser {
    static final int REFUSED = -1;
    private static final int MORE = 0;
    private static final int LONGEST_METHOD = 32;
    private static final int VERSION_BYTES = 8;

    /// What is read.
    enum Kind {
        REQUEST,
        ANSWER,
        /// Fields only.
        TRAILERS
    }

    private final Head head;

    /// Where the start line begins.
    private int begin;

    /// Where the line begins that is read next.
    private int line;

    private boolean startLineRead;

    HeadParser(Head head) {
        this.head = head;
    }

    void reset() {
        begin = 0;
        line = 0;
        startLineRead = false;
    }

    int begin() {
        return begin;
    }

    int parse(ByteBuf in, Limits limits, Kind kind) {
        copy(in, limits);
        if (!startLineRead) {
            int outcome = startLine(limits, kind);
            if (outcome <= 0) {
                return outcome;
            }
            startLineRead = true;
        }
        int outcome = fields(limits);
        if (outcome == MORE && head.copied >= limits.headBytes()) {
            return refuse(Fault.HEAD_TOO_LARGE);
        }
        return outcome;
    }

    private void copy(ByteBuf in, Limits limits) {
        int available = Math.min(in.readableBytes(), limits.headBytes());
        if (available > head.bytes.length) {
            head.bytes = Arrays.copyOf(head.bytes, Math.max(available, 2 * head.bytes.length));
        }
        if (available > head.copied) {
            in.getBytes(
                    in.readerIndex() + head.copied,
                    head.bytes,
                    head.copied,
                    available - head.copied);
            head.copied = available;
        }
    }

    private int refuse(Fault fault) {
        head.fault = fault;
        return REFUSED;
    }

    // ---- start line

    private int startLine(Limits limits, Kind kind) {
        if (kind == Kind.TRAILERS) {
            head.status = 0;
            return 1;
        }
        int outcome = kind == Kind.REQUEST ? requestLine() : statusLine();
        if (outcome == MORE && head.copied - begin > limits.startLine()) {
            return refuse(Fault.LINE_TOO_LONG);
        }
        if (outcome > 0 && line - begin > limits.startLine()) {
            return refuse(Fault.LINE_TOO_LONG);
        }
        return outcome;
    }

    /// One empty line before the request is let pass (RFC 9112 2.2).
    private boolean skipEmptyLine() {
        byte[] bytes = head.bytes;
        if (line == 0 && head.copied >= 2 && bytes[0] == '\r' && bytes[1] == '\n') {
            begin = 2;
            line = 2;
        }
        return head.copied > line && !(head.copied == 1 && bytes[0] == '\r');
    }

    private int requestLine() {
        if (!skipEmptyLine()) {
            return MORE;
        }
        byte[] bytes = head.bytes;
        int end = head.copied;
        int i = line;
        while (i < end && Characters.isToken(bytes[i])) {
            i++;
        }
        if (i - line > LONGEST_METHOD) {
            return refuse(Fault.METHOD);
        }
        if (i == end) {
            return MORE;
        }
        if (bytes[i] != ' ' || i == line) {
            return refuse(Fault.METHOD);
        }
        head.methodEnd = i;
        head.targetStart = ++i;
        while (i < end && Characters.isTarget(bytes[i])) {
            i++;
        }
        if (i == end) {
            return MORE;
        }
        if (bytes[i] != ' ' || i == head.targetStart) {
            return refuse(Fault.TARGET);
        }
        head.targetEnd = i;
        int outcome = version(i + 1, Fault.START_LINE);
        if (outcome <= 0) {
            return outcome;
        }
        head.method = Method.of(bytes, line, head.methodEnd);
        head.status = 0;
        return endOfStartLine(i + 1 + VERSION_BYTES);
    }

    private int statusLine() {
        int end = head.copied;
        byte[] bytes = head.bytes;
        int outcome = version(line, Fault.START_LINE);
        if (outcome <= 0) {
            return outcome;
        }
        int i = line + VERSION_BYTES;
        if (end - i < 4) {
            return MORE;
        }
        int status = 0;
        for (int k = i + 1; k < i + 4; k++) {
            int digit = bytes[k] - '0';
            if (digit < 0 || digit > 9) {
                return refuse(Fault.START_LINE);
            }
            status = 10 * status + digit;
        }
        if (bytes[i] != ' ' || status < 100 || status > 599) {
            return refuse(Fault.START_LINE);
        }
        head.status = status;
        head.statusStart = i + 1;
        i += 4;
        if (i < end && bytes[i] != ' ' && bytes[i] != '\r') {
            return refuse(Fault.START_LINE);
        }
        while (i < end && Characters.isValue(bytes[i])) {
            i++;
        }
        return i == end ? MORE : endOfStartLine(i);
    }

    /// `HTTP/1.0` or `HTTP/1.1`.
    private int version(int at, Fault malformed) {
        byte[] bytes = head.bytes;
        int there = Math.min(head.copied - at, VERSION_BYTES);
        for (int i = 0; i < there; i++) {
            byte b = bytes[at + i];
            switch (i) {
                case 5, 7 -> {
                    if (b < '0' || b > '9') {
                        return refuse(malformed);
                    }
                }
                default -> {
                    if (b != "HTTP/1.1".charAt(i)) {
                        return refuse(malformed);
                    }
                }
            }
        }
        if (there < VERSION_BYTES) {
            return MORE;
        }
        head.minorVersion = bytes[at + 7] - '0';
        return bytes[at + 5] == '1' && head.minorVersion <= 1 ? 1 : refuse(Fault.VERSION);
    }

    private int endOfStartLine(int at) {
        int outcome = endOfLine(at);
        if (outcome > 0) {
            head.startLineEnd = at + 2;
            line = at + 2;
        } else if (outcome < 0 && head.fault == Fault.LINE_END && head.status == 0) {
            byte b = head.bytes[at];
            return refuse(b == '\r' || b == '\n' ? Fault.LINE_END : Fault.START_LINE);
        }
        return outcome;
    }

    private int endOfLine(int at) {
        if (at >= head.copied) {
            return MORE;
        }
        if (head.bytes[at] != '\r') {
            return refuse(Fault.LINE_END);
        }
        if (at + 1 >= head.copied) {
            return MORE;
        }
        return head.bytes[at + 1] == '\n' ? 1 : refuse(Fault.LINE_END);
    }

    // ---- fields

    private int fields(Limits limits) {
        byte[] bytes = head.bytes;
        int end = head.copied;
        while (true) {
            int i = line;
            if (i >= end) {
                return MORE;
            }
            byte first = bytes[i];
            if (first == '\r') {
                int outcome = endOfLine(i);
                if (outcome > 0) {
                    head.size = i + 2;
                    return head.size;
                }
                return outcome;
            }
            if (head.fields >= limits.fields()) {
                return refuse(Fault.TOO_MANY_FIELDS);
            }
            while (i < end && Characters.isToken(bytes[i])) {
                i++;
            }
            if (i == end) {
                return MORE;
            }
            if (bytes[i] != ':' || i == line) {
                return refuse(badName(i, first));
            }
            int outcome = value(i);
            if (outcome <= 0) {
                return outcome;
            }
        }
    }

    private Fault badName(int at, byte first) {
        byte b = head.bytes[at];
        if (b == '\n' || b == '\r') {
            return Fault.LINE_END;
        }
        return Characters.isBlank(first) ? Fault.FOLDED : Fault.FIELD_NAME;
    }

    private int value(int colon) {
        byte[] bytes = head.bytes;
        int end = head.copied;
        int start = colon + 1;
        while (start < end && Characters.isBlank(bytes[start])) {
            start++;
        }
        int i = start;
        while (i < end && Characters.isValue(bytes[i])) {
            i++;
        }
        if (i == end) {
            return MORE;
        }
        int outcome = endOfLine(i);
        if (outcome <= 0) {
            byte b = bytes[i];
            return outcome == MORE || b == '\r' || b == '\n' ? outcome : refuse(Fault.FIELD_VALUE);
        }
        int valueEnd = i;
        while (valueEnd > start && Characters.isBlank(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        head.add(line, colon, start, valueEnd);
        line = i + 2;
        return 1;
    }
}
