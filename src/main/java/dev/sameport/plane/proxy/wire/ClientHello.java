package dev.sameport.plane.proxy.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Looks for the server name in the first message of a TLS client (RFC 8446, section 4.1.2; RFC
/// 6066, section 3), which it leaves where it is. One for each connection; for one thread at a
/// time.
///
/// It is strict: a malformed message is refused, not guessed at. It never keeps a byte.
public final class ClientHello {
    /// Most bytes of a message that are taken.
    public static final int MOST_MESSAGE = 16 << 10;

    /// Most bytes on the wire that are taken: a message may be cut into many records.
    public static final int MOST_BYTES = 20 << 10;

    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE = 22;
    private static final int MAJOR_VERSION = 3;
    private static final int GREATEST_RECORD = 16 << 10;
    private static final int MESSAGE_HEADER = 4;
    private static final int CLIENT_HELLO = 1;

    /// What came of looking.
    public sealed interface Outcome {}

    /// The message isn't whole yet.
    public record Incomplete() implements Outcome {
        static final Incomplete MORE = new Incomplete();
    }

    /// What the client sends is not TLS.
    public record NotTls() implements Outcome {
        static final NotTls OTHER = new NotTls();
    }

    /// A whole message.
    ///
    /// @param serverName in lower case; null where the client names none
    public record Named(@Nullable String serverName) implements Outcome {}

    /// It begins like TLS, but is malformed or too long.
    ///
    /// @param what what is wrong, for people
    public record Refused(String what) implements Outcome {}

    /// Where the next record begins, counted from the first byte.
    private int nextRecord;

    /// Bytes of the message in the records before `nextRecord`.
    private int collected;

    /// Of a client that sent nothing so far.
    public ClientHello() {}

    /// Whether there is a byte, and it is the first of a TLS client's.
    public static boolean mayBegin(ByteBuf in) {
        return in.isReadable() && in.getByte(in.readerIndex()) == HANDSHAKE;
    }

    /// Looks at all that the client sent so far, from the reader index on, which stays where it is.
    /// Called again with more, it goes on where it was.
    public Outcome look(ByteBuf in) {
        int start = in.readerIndex();
        int end = Math.min(in.writerIndex(), start + MOST_BYTES);
        while (true) {
            Outcome header = recordHeader(in, start + nextRecord, end);
            if (header != null) {
                return header;
            }
            int length = in.getUnsignedShort(start + nextRecord + 3);
            Outcome outcome = record(in, start, end, length);
            if (outcome != null) {
                return outcome;
            }
        }
    }

    /// Looks at the header of a record as far as it is there; null where it is whole and right.
    private @Nullable Outcome recordHeader(ByteBuf in, int at, int end) {
        if (at < end && in.getByte(at) != HANDSHAKE) {
            return wrong("a record of another type comes before the message's end");
        }
        if (at + 1 < end && in.getByte(at + 1) != MAJOR_VERSION) {
            return wrong("a record has another version");
        }
        if (at + RECORD_HEADER > end) {
            return incomplete(end - at + nextRecord);
        }
        int length = in.getUnsignedShort(at + 3);
        return length == 0 || length > GREATEST_RECORD
                ? new Refused("a record has " + length + " bytes")
                : null;
    }

    private Outcome wrong(String what) {
        return nextRecord == 0 ? NotTls.OTHER : new Refused(what);
    }

    private static Outcome incomplete(int bytes) {
        return bytes < MOST_BYTES
                ? Incomplete.MORE
                : new Refused("the message is longer than " + MOST_BYTES + " bytes");
    }

    /// Looks at the record that begins at `nextRecord`; null where the message goes on in the next.
    private @Nullable Outcome record(ByteBuf in, int start, int end, int length) {
        int present = Math.min(length, end - start - nextRecord - RECORD_HEADER);
        HelloBytes message = new HelloBytes(in, start, collected + present);
        if (message.left() > 0 && message.next() != CLIENT_HELLO) {
            return new Refused("the first message is not a ClientHello");
        }
        if (collected + present >= MESSAGE_HEADER) {
            int size = message.next() << 16 | message.next() << 8 | message.next();
            if (size > MOST_MESSAGE) {
                return new Refused("the message has " + size + " bytes");
            }
            if (message.left() >= size) {
                return HelloParser.parse(message, size);
            }
        }
        if (present < length) {
            return incomplete(end - start);
        }
        nextRecord += RECORD_HEADER + length;
        collected += length;
        return null;
    }
}
