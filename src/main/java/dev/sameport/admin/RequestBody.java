package dev.sameport.admin;

import dev.sameport.model.Problem;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/// Collects a request's body, and refuses one that is too large.
final class RequestBody extends HttpObjectAggregator {
    private final int most;

    RequestBody(int most) {
        super(most, true);
        this.most = most;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        Problem problem =
                new Problem(
                        "the request",
                        "its body has more than " + most + " bytes",
                        "send a smaller one");
        RequestHandler.send(context.channel(), Reply.error(413, problem, false));
    }
}
