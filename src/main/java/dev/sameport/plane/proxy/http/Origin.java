package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.Head;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The endpoint's side of an exchange: a connection of HTTP/1 or a stream of HTTP/2. Called on the
/// event loop of both sides.
///
/// It tells its exchange what comes: `interim`, `answer`, `answerBody`, `answerEnd`, or `broken`.
interface Origin {
    /// Sends the head of `exchange`'s request; what follows is about that exchange until it ends.
    void send(Exchange exchange);

    /// A piece of the request's body, whose ownership passes.
    void requestBody(ByteBuf data);

    /// The request is complete.
    void requestEnd(@Nullable Head trailers);

    /// Whether more of the request fits; where not, `Exchange.originTakesMore` tells when it does.
    boolean takesMore();

    /// From now on the answer is wanted, or is not.
    void wantAnswer(boolean wanted);

    /// The exchange ended in order, both ways: the connection may serve another one.
    void done();

    /// The exchange ended early: nothing more of it is wanted, and nothing more is told of it.
    void cancel();

    /// Whether this request was the first one on its connection.
    boolean fresh();
}
