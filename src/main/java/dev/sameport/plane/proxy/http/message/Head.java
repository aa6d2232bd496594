package dev.sameport.plane.proxy.http.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The head of one HTTP/1 message: its bytes, checked (RFC 9112), and where everything in them is.
///
/// Reused: it reads one head, or is told to `reset`, and reads the next. It reads a head that
/// arrives in pieces by being asked again with the same bytes and more behind them. Not for more
/// than one thread.
public final class Head {
    private static final int FIRST_BYTES = 1 << 10;
    private static final int FIRST_FIELDS = 32;
    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(ISO_8859_1);
    private static final byte[] ANSWER_VERSION = "HTTP/1.1 ".getBytes(ISO_8859_1);

    byte[] bytes = new byte[FIRST_BYTES];
    int copied;
    int size;
    int minorVersion;
    Method method = Method.OTHER;
    int methodEnd;
    int targetStart;
    int targetEnd;
    boolean absoluteTarget;
    int status;
    int statusStart;
    int startLineEnd;
    int fields;
    int[] places = new int[FIRST_FIELDS * 4];
    Field[] names = new Field[FIRST_FIELDS];
    boolean[] dropped = new boolean[FIRST_FIELDS];
    Framing framing = Framing.NONE;
    long length;
    boolean keepAlive;
    boolean expectsContinue;
    boolean namesFields;
    int upgradeField = -1;
    @Nullable Fault fault;

    private final HeadParser parser = new HeadParser(this);

    /// Empty, to read into.
    public Head() {}

    /// Reads a request's head.
    ///
    /// @return how many bytes it took from `in`; 0 where it isn't complete, and `in` is as before;
    ///   negative where it is refused: see `fault`
    public int read(ByteBuf in, Limits limits) {
        int taken = parser.parse(in, limits, HeadParser.Kind.REQUEST);
        return taken > 0 ? finish(in, taken, HeadRules.request(this)) : taken;
    }

    /// Reads an answer's head, like `read`.
    ///
    /// @param asked the method of the request
    public int readAnswer(ByteBuf in, Limits limits, Method asked) {
        int taken = parser.parse(in, limits, HeadParser.Kind.ANSWER);
        return taken > 0 ? finish(in, taken, HeadRules.answer(this, asked)) : taken;
    }

    /// Reads the fields after the last chunk, like `read`. Those that must not stand there (RFC
    /// 9110 6.5.1) are dropped.
    int readTrailers(ByteBuf in) {
        int taken = parser.parse(in, Limits.TRAILERS, HeadParser.Kind.TRAILERS);
        if (taken > 0) {
            HeadRules.trailers(this);
            in.skipBytes(taken);
        }
        return taken;
    }

    private int finish(ByteBuf in, int taken, @Nullable Fault found) {
        if (found != null) {
            fault = found;
            return HeadParser.REFUSED;
        }
        in.skipBytes(taken);
        return taken;
    }

    /// Forgets what was read.
    public void reset() {
        copied = 0;
        size = 0;
        fields = 0;
        fault = null;
        parser.reset();
    }

    /// Why it was refused, or null.
    public @Nullable Fault fault() {
        return fault;
    }

    /// Bytes in all, the empty line included.
    public int size() {
        return size;
    }

    public Method method() {
        return method;
    }

    /// The method as sent.
    public String methodText() {
        return new String(bytes, parser.begin(), methodEnd - parser.begin(), ISO_8859_1);
    }

    /// The path and query that were asked for, or `*`.
    public String target() {
        return new String(bytes, targetStart, targetEnd - targetStart, ISO_8859_1);
    }

    /// The status of an answer, 100–599.
    public int status() {
        return status;
    }

    /// 0 or 1, for HTTP/1.0 and HTTP/1.1.
    public int minorVersion() {
        return minorVersion;
    }

    /// How the end of the body is told.
    public Framing framing() {
        return framing;
    }

    /// Bytes of the body, where the framing is `LENGTH`.
    public long length() {
        return length;
    }

    /// Whether the connection may go on after this message, as far as the peer says.
    public boolean keepAlive() {
        return keepAlive;
    }

    /// Whether the client waits for a 100 before it sends the body.
    public boolean expectsContinue() {
        return expectsContinue;
    }

    /// The index of the field that asks for (or agrees to) an upgrade, or -1.
    public int upgradeField() {
        return upgradeField;
    }

    /// How many fields there are.
    public int fields() {
        return fields;
    }

    /// Which name a field has.
    public Field field(int index) {
        return names[index];
    }

    /// Where a field's line begins, with its name.
    public int nameStart(int index) {
        return places[4 * index];
    }

    public int nameEnd(int index) {
        return places[4 * index + 1];
    }

    /// Where a field's value begins, without white space before it.
    public int valueStart(int index) {
        return places[4 * index + 2];
    }

    /// Where a field's value ends, without white space after it.
    public int valueEnd(int index) {
        return places[4 * index + 3];
    }

    /// The first field of this name, or -1.
    public int first(Field known) {
        for (int i = 0; i < fields; i++) {
            if (names[i] == known) {
                return i;
            }
        }
        return -1;
    }

    /// A field's name as sent.
    public String name(int index) {
        return new String(bytes, nameStart(index), nameEnd(index) - nameStart(index), ISO_8859_1);
    }

    /// A field's value.
    public String value(int index) {
        return new String(
                bytes, valueStart(index), valueEnd(index) - valueStart(index), ISO_8859_1);
    }

    /// Whether a field's value is exactly this.
    public boolean valueIs(int index, byte[] value) {
        return Arrays.equals(bytes, valueStart(index), valueEnd(index), value, 0, value.length);
    }

    /// Whether a field's value begins with this, in any case.
    ///
    /// @param prefix in lower case
    public boolean valueStartsWith(int index, AsciiString prefix) {
        int start = valueStart(index);
        if (valueEnd(index) - start < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (Characters.lower(bytes[start + i]) != prefix.byteAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Whether a field's value is this, in any case.
    ///
    /// @param value in lower case
    public boolean valueEquals(int index, AsciiString value) {
        return valueEnd(index) - valueStart(index) == value.length()
                && valueStartsWith(index, value);
    }

    /// Whether this cookie is among those of a `Cookie` field (RFC 6265 4.2.1).
    ///
    /// @param pair the cookie's name, `=` and its value
    public boolean hasCookie(int index, AsciiString pair) {
        int end = valueEnd(index);
        int start = valueStart(index);
        while (start < end) {
            int stop = start;
            while (stop < end && bytes[stop] != ';') {
                stop++;
            }
            if (stop - start == pair.length() && matches(start, pair)) {
                return true;
            }
            start = stop + 1;
            while (start < end && Characters.isBlank(bytes[start])) {
                start++;
            }
        }
        return false;
    }

    private boolean matches(int start, AsciiString text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.byteAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Leaves a field out of what is written.
    public void drop(int index) {
        dropped[index] = true;
    }

    /// Whether a field is left out.
    public boolean isDropped(int index) {
        return dropped[index];
    }

    /// Leaves out what is meant for the next hop only (RFC 9110 7.6.1): `Connection`, what it
    /// names, `Keep-Alive`, `Proxy-Connection`, `Proxy-Authorization`, `TE`, `Transfer-Encoding`,
    /// `HTTP2-Settings`, `Upgrade`.
    ///
    /// @param keepUpgrade whether an `Upgrade` that counts stays
    public void dropHopByHop(boolean keepUpgrade) {
        for (int i = 0; i < fields; i++) {
            dropped[i] |= isHopByHop(i, keepUpgrade);
        }
    }

    private boolean isHopByHop(int index, boolean keepUpgrade) {
        return switch (names[index]) {
            case CONNECTION,
                    KEEP_ALIVE,
                    PROXY_CONNECTION,
                    PROXY_AUTHORIZATION,
                    TE,
                    TRANSFER_ENCODING,
                    HTTP2_SETTINGS ->
                    true;
            case UPGRADE -> !keepUpgrade || index != upgradeField;
            default -> namesFields && HeadRules.isNamedByConnection(this, index);
        };
    }

    /// Writes the request line or status line, in HTTP/1.1.
    public void writeStartLine(ByteBuf out) {
        if (status > 0) {
            out.writeBytes(ANSWER_VERSION);
            out.writeBytes(bytes, statusStart, startLineEnd - statusStart);
            return;
        }
        int begin = parser.begin();
        if (!absoluteTarget && minorVersion == 1) {
            out.writeBytes(bytes, begin, startLineEnd - begin);
            return;
        }
        out.writeBytes(bytes, begin, methodEnd - begin);
        out.writeByte(' ');
        if (absoluteTarget && (targetStart == targetEnd || bytes[targetStart] != '/')) {
            out.writeByte('/');
        }
        out.writeBytes(bytes, targetStart, targetEnd - targetStart);
        out.writeBytes(VERSION);
    }

    /// Writes the field lines that were not dropped, as they were sent.
    public void writeFields(ByteBuf out) {
        int from = -1;
        for (int i = 0; i < fields; i++) {
            if (dropped[i]) {
                if (from >= 0) {
                    out.writeBytes(bytes, from, nameStart(i) - from);
                    from = -1;
                }
            } else if (from < 0) {
                from = nameStart(i);
            }
        }
        if (from >= 0) {
            out.writeBytes(bytes, from, size - 2 - from);
        }
    }

    /// Adds a field of our own behind those that were sent.
    ///
    /// @param name as it is written
    /// @param value visible characters and spaces
    public void append(AsciiString name, AsciiString value) {
        int start = size - 2;
        int more = name.length() + value.length() + 4;
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (size + more));
        }
        int at = copy(name, start);
        bytes[at++] = ':';
        bytes[at++] = ' ';
        int valueStart = at;
        at = copy(value, at);
        int valueEnd = at;
        for (int line = 0; line < 2; line++) {
            bytes[at++] = '\r';
            bytes[at++] = '\n';
        }
        size = at;
        add(start, start + name.length(), valueStart, valueEnd);
    }

    private int copy(AsciiString text, int to) {
        System.arraycopy(text.array(), text.arrayOffset(), bytes, to, text.length());
        return to + text.length();
    }

    void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (fields == names.length) {
            int more = 2 * fields;
            places = Arrays.copyOf(places, 4 * more);
            names = Arrays.copyOf(names, more);
            dropped = Arrays.copyOf(dropped, more);
        }
        int at = 4 * fields;
        places[at] = nameStart;
        places[at + 1] = nameEnd;
        places[at + 2] = valueStart;
        places[at + 3] = valueEnd;
        names[fields] = Field.of(bytes, nameStart, nameEnd);
        dropped[fields] = false;
        fields++;
    }

    /// What was read, for people: without values, which may be secret.
    @Override
    public String toString() {
        return fault != null ? "refused: " + fault : size + " bytes, " + fields + " fields";
    }
}
