package dev.sameport.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Makes one request of the bytes of a connection. Confined to its session's thread.
final class RequestDecoder {
    private static final int MAX_BODY = 1 << 20;

    /// What has become of the bytes so far.
    sealed interface State {
        /// More are needed.
        record Partial() implements State {}

        /// Enough of them.
        record Whole(String method, String target, String body) implements State {}

        /// Not a request that is taken.
        record Broken(int status, String why) implements State {}
    }

    private final Body body = new Body();
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(), body);

    private static final class Body extends HttpObjectAggregator {
        private boolean tooLarge;

        Body() {
            super(MAX_BODY);
        }

        @Override
        protected void handleOversizedMessage(
                ChannelHandlerContext context, HttpMessage oversized) {
            tooLarge = true;
        }
    }

    State decode(ByteBuffer bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes));
        if (body.tooLarge) {
            return new State.Broken(
                    413, "the request's body is larger than " + MAX_BODY + " bytes");
        }
        FullHttpRequest request = channel.readInbound();
        return request == null ? new State.Partial() : read(request);
    }

    private static State read(FullHttpRequest request) {
        try {
            Throwable failure = request.decoderResult().cause();
            return failure == null
                    ? new State.Whole(
                            request.method().name(),
                            request.uri(),
                            request.content().toString(StandardCharsets.UTF_8))
                    : broken(failure);
        } finally {
            request.release();
        }
    }

    private static State broken(@Nullable Throwable failure) {
        return switch (failure) {
            case TooLongHttpLineException _ ->
                    new State.Broken(414, "the request's first line is too long");
            case TooLongHttpHeaderException _ ->
                    new State.Broken(431, "the request's headers are too long");
            case null, default -> new State.Broken(400, "the request is not HTTP");
        };
    }
}
