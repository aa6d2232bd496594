package dev.sameport.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// One call over a unix socket: a blocking channel for a virtual thread, and Netty's decoder for
/// what comes back.
final class UnixHttp implements AutoCloseable {
    private static final int READ_BYTES = 64 * 1024;

    /// Who takes the answer.
    interface Sink {
        /// The head came.
        void head(int status);

        /// A piece of the body; throws `EngineException` when there is more than it takes.
        void body(ByteBuffer bytes);
    }

    private final Path socket;
    private final SocketChannel channel;
    private final EmbeddedChannel decoder = new EmbeddedChannel(new HttpResponseDecoder());
    private String asked = "";
    // a 1xx head and its empty end come before the answer proper (RFC 9110, 15.2)
    private boolean interim;

    UnixHttp(Path socket) {
        this.socket = socket;
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw new EngineException("can't make a unix socket: " + e.getMessage(), e);
        }
    }

    /// Sends `call` and reads the whole answer into `sink`. `timeout` bounds the wait for the head;
    /// and for all of it if `whole`. To be called once.
    ///
    /// @throws EngineUnreachableException when nobody answers or the answer breaks off
    /// @throws EngineException when it comes too late, is not HTTP, or `sink` has had enough
    void exchange(Call call, Duration timeout, boolean whole, Sink sink) {
        asked = call.toString();
        CompletableFuture<Void> done = new CompletableFuture<>();
        var _ =
                done.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((_, late) -> closeIf(late != null));
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer bytes = ByteBuffer.wrap(call.bytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            read(sink, whole ? () -> {} : () -> done.complete(null));
        } catch (ClosedChannelException e) {
            if (done.isCompletedExceptionally()) {
                throw new EngineException(
                        what("no answer within " + timeout.toMillis() + " ms"), e);
            }
            throw new EngineUnreachableException(what("the connection was closed"), e);
        } catch (IOException e) {
            throw new EngineUnreachableException(what(String.valueOf(e.getMessage())), e);
        } finally {
            done.complete(null);
            decoder.finishAndReleaseAll();
        }
    }

    private String what(String why) {
        return "engine at " + socket + ", " + asked + ": " + why;
    }

    private void closeIf(boolean condition) {
        if (condition) {
            close();
        }
    }

    private void read(Sink sink, Runnable headCame) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        boolean ended = false;
        while (!ended) {
            int count = channel.read(buffer.clear());
            if (count < 0) {
                decoder.finish();
                ended = drain(sink, headCame);
                if (!ended) {
                    throw new IOException("the answer ended early");
                }
                return;
            }
            decoder.writeInbound(Unpooled.copiedBuffer(buffer.flip()));
            ended = drain(sink, headCame);
        }
    }

    /// Passes on what was decoded; true when the answer is complete.
    private boolean drain(Sink sink, Runnable headCame) {
        boolean last = false;
        for (Object next = decoder.readInbound(); next != null; next = decoder.readInbound()) {
            try {
                DecoderResult result = ((HttpObject) next).decoderResult();
                if (result.isFailure()) {
                    throw new EngineException(
                            what("the answer is not HTTP: " + result.cause().getMessage()),
                            result.cause());
                }
                last |= pass(next, sink, headCame);
            } finally {
                ReferenceCountUtil.release(next);
            }
        }
        return last;
    }

    /// True for the end of the answer.
    private boolean pass(Object part, Sink sink, Runnable headCame) {
        if (part instanceof HttpResponse response) {
            interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (!interim) {
                sink.head(response.status().code());
                headCame.run();
            }
        }
        if (part instanceof HttpContent content && !interim) {
            ByteBuf body = content.content();
            sink.body(body.nioBuffer());
        }
        return part instanceof LastHttpContent && !interim;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new EngineException("can't close the connection to " + socket, e);
        }
    }
}
