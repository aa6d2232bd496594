package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.Head;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// The client's side of an exchange: a connection of HTTP/1 or a stream of HTTP/2. Called on its
/// event loop.
interface Downstream {
    /// Who the client is.
    InetSocketAddress client();

    /// What endpoints are told about the client.
    ForwardedFields forwarded();

    /// An interim answer (1xx but 101).
    void interim(Head answer);

    /// The head of the answer; the body follows as its framing says, or nothing where it has none.
    void answer(Head answer);

    /// A piece of the answer's body, whose ownership passes.
    void answerBody(ByteBuf data);

    /// The answer is complete.
    ///
    /// @param trailers the fields of a chunked body's last part; null where there are none
    void answerEnd(@Nullable Head trailers);

    /// Both directions of an upgraded connection ended.
    void tunnelOver();

    /// The answer breaks off: the client must be able to tell.
    void answerBroken();

    /// An answer of our own instead of one from an endpoint.
    void reply(Reply reply);

    /// Whether more of the answer fits; where not, `Exchange.clientTakesMore` tells when it does.
    boolean takesMore();

    /// From now on the request's body is wanted, or is not.
    void wantBody(boolean wanted);
}
