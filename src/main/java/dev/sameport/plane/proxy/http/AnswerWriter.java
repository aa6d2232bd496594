package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sameport.plane.proxy.http.message.ChunkWriter;
import dev.sameport.plane.proxy.http.message.Field;
import dev.sameport.plane.proxy.http.message.Framing;
import dev.sameport.plane.proxy.http.message.Head;
import dev.sameport.plane.proxy.http.message.Method;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Writes answers to one client's connection of HTTP/1: framed so that this client can tell their
/// end. Confined to the event loop.
final class AnswerWriter {
    private static final byte[] CHUNKED = HttpBytes.line("Transfer-Encoding: chunked");
    private static final byte[] CLOSE = HttpBytes.line("Connection: close");
    private static final byte[] KEEP_ALIVE = HttpBytes.line("Connection: keep-alive");
    private static final byte[] UPGRADE = HttpBytes.line("Connection: upgrade");
    private static final int ROOM = 192;

    private final Outlet outlet;
    private final LoopState loop;
    private boolean old;
    private boolean keepsAlive;
    private boolean head;
    private boolean chunks;

    AnswerWriter(Outlet outlet, LoopState loop) {
        this.outlet = outlet;
        this.loop = loop;
    }

    /// The next answer is to this request.
    ///
    /// @param request null where none could be read
    void begin(@Nullable Head request) {
        old = request != null && request.minorVersion() == 0;
        keepsAlive = request != null && request.keepAlive();
        head = request != null && request.method() == Method.HEAD;
        chunks = false;
    }

    /// The connection ends with this answer.
    void closes() {
        keepsAlive = false;
    }

    /// Whether the connection goes on after this answer.
    boolean keepsAlive() {
        return keepsAlive;
    }

    /// Passes an interim answer on to those who know such a thing.
    void interim(Head answer) {
        if (!old) {
            answer.dropHopByHop(false);
            ByteBuf out = outlet.room(answer.size() + 2);
            answer.writeStartLine(out);
            answer.writeFields(out);
            HttpBytes.endOfLine(out);
        }
    }

    /// Passes the head of an answer on.
    void head(Head answer) {
        Framing framing = answer.framing();
        boolean open = framing == Framing.CHUNKED || framing == Framing.UNTIL_CLOSE;
        chunks = open && !old;
        if (open && old) {
            keepsAlive = false;
        }
        boolean upgrade = answer.status() == 101;
        answer.dropHopByHop(upgrade);
        ByteBuf out = outlet.room(answer.size() + ROOM);
        answer.writeStartLine(out);
        answer.writeFields(out);
        if (answer.first(Field.DATE) < 0) {
            loop.date.write(out, System.nanoTime());
        }
        if (chunks) {
            out.writeBytes(CHUNKED);
        }
        connection(out, upgrade);
        HttpBytes.endOfLine(out);
    }

    private void connection(ByteBuf out, boolean upgrade) {
        if (upgrade) {
            out.writeBytes(UPGRADE);
        } else if (!keepsAlive) {
            out.writeBytes(CLOSE);
        } else if (old) {
            out.writeBytes(KEEP_ALIVE);
        }
    }

    /// A piece of the body, whose ownership passes.
    void body(ByteBuf data) {
        if (!chunks) {
            outlet.add(data);
        } else if (data.isReadable()) {
            ChunkWriter.writeSize(outlet.room(ChunkWriter.ROOM), data.readableBytes());
            outlet.add(data);
            HttpBytes.endOfLine(outlet.room(2));
        } else {
            data.release();
        }
    }

    /// The end of the body.
    void end(@Nullable Head trailers) {
        if (chunks) {
            int room = ChunkWriter.ROOM + (trailers == null ? 0 : trailers.size());
            ChunkWriter.writeLast(outlet.room(room), trailers);
        }
    }

    /// An answer of our own, whole.
    void reply(Reply reply, ReplyText text, String id) {
        ByteBuf out = outlet.room(text.body().length() + 2 * ROOM + id.length());
        out.writeCharSequence(
                "HTTP/1.1 " + reply.status() + " " + reply.phrase() + "\r\n", US_ASCII);
        loop.date.write(out, System.nanoTime());
        out.writeCharSequence(fields(reply, text, id), US_ASCII);
        connection(out, false);
        HttpBytes.endOfLine(out);
        if (!head) {
            out.writeCharSequence(text.body(), US_ASCII);
        }
    }

    private static String fields(Reply reply, ReplyText text, String id) {
        String fields =
                "Content-Type: "
                        + text.type()
                        + "\r\nContent-Length: "
                        + text.body().length()
                        + "\r\nCache-Control: no-store\r\nX-Request-Id: "
                        + id
                        + "\r\n";
        if (reply.status() == 405) {
            fields += "Allow: GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH\r\n";
        }
        return reply.retryAfter() == 0
                ? fields
                : fields + "Retry-After: " + reply.retryAfter() + "\r\n";
    }
}
