package dev.sameport.admin;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is copied out of a message on the event loop, and read elsewhere.
final class RequestReader {
    private final String method;
    private final String target;
    private final boolean json;
    private final String body;
    private final @Nullable PeerCredentials peer;

    RequestReader(FullHttpRequest message, @Nullable PeerCredentials peer) {
        this.method = message.method().name();
        this.target = message.uri();
        String accept = message.headers().get(HttpHeaderNames.ACCEPT, "");
        // Programs that don't say get JSON.
        this.json = !accept.startsWith("text/plain");
        this.body = message.content().toString(StandardCharsets.UTF_8);
        this.peer = peer;
    }

    boolean json() {
        return json;
    }

    String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    Request read() {
        try {
            QueryStringDecoder decoder = new QueryStringDecoder(target, StandardCharsets.UTF_8);
            Map<String, String> query = new LinkedHashMap<>();
            for (Map.Entry<String, List<String>> entry : decoder.parameters().entrySet()) {
                query.put(entry.getKey(), entry.getValue().getFirst());
            }
            return new Request(method, decoder.path(), query, json, body, peer);
        } catch (IllegalArgumentException e) {
            throw Rejection.bad(
                    "the request",
                    "its target can't be read: " + Printable.text(String.valueOf(e.getMessage())),
                    "percent-encode what is not a letter or digit");
        }
    }
}
