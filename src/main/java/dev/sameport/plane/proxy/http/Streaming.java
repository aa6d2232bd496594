package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.Field;
import dev.sameport.plane.proxy.http.message.Head;
import io.netty.util.AsciiString;

/// Tells requests whose answer may begin at any time, so that none is too late.
final class Streaming {
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString EVENTS = AsciiString.cached("text/event-stream");

    private Streaming() {}

    /// Whether it is gRPC, asks for an upgrade or for server-sent events.
    static boolean isStream(Head request) {
        return request.upgradeField() >= 0
                || isGrpc(request)
                || contains(request, Field.ACCEPT, EVENTS);
    }

    /// Whether it is gRPC: `Content-Type: application/grpc…`.
    static boolean isGrpc(Head request) {
        return contains(request, Field.CONTENT_TYPE, GRPC);
    }

    private static boolean contains(Head request, Field known, AsciiString prefix) {
        int field = request.first(known);
        return field >= 0 && request.valueStartsWith(field, prefix);
    }
}
