package dev.sameport.plane.proxy.http;

import dev.sameport.plane.proxy.http.message.Field;
import dev.sameport.plane.proxy.http.message.Head;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The body of an answer of ours: HTML, JSON or plain text, whichever the client prefers (RFC 9110
/// 12.5.1; quality values are not weighed).
///
/// @param type its media type
/// @param body in ASCII
record ReplyText(String type, String body) {

    /// @param request null where none could be read
    /// @param id the request's id
    static ReplyText of(Reply reply, @Nullable Head request, String id) {
        String accept = accept(request);
        int html = at(accept, "text/html");
        int json = Math.min(at(accept, "application/json"), at(accept, "+json"));
        if (json < html) {
            return new ReplyText("application/json", json(reply, id));
        }
        if (html < Integer.MAX_VALUE) {
            return new ReplyText("text/html; charset=utf-8", html(reply, id));
        }
        return new ReplyText("text/plain; charset=utf-8", plain(reply, id));
    }

    private static String accept(@Nullable Head request) {
        int field = request == null ? -1 : request.first(Field.ACCEPT);
        return field < 0 || request == null ? "" : request.value(field).toLowerCase(Locale.ROOT);
    }

    private static int at(String accept, String type) {
        int at = accept.indexOf(type);
        return at < 0 ? Integer.MAX_VALUE : at;
    }

    private static String plain(Reply reply, String id) {
        return "%d %s: %s%nrequest %s%n"
                .formatted(reply.status(), reply.phrase(), reply.reason(), id);
    }

    /// The texts are ours and hold nothing of the request, so nothing needs to be escaped.
    private static String json(Reply reply, String id) {
        return """
        {"status": %d, "error": "%s", "reason": "%s", "request": "%s"}
        """
                .formatted(reply.status(), reply.phrase(), reply.reason(), id);
    }

    private static String html(Reply reply, String id) {
        return """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>%1$d %2$s</title></head>
        <body><h1>%1$d %2$s</h1><p>%3$s</p><p><small>request %4$s</small></p></body></html>
        """
                .formatted(reply.status(), reply.phrase(), reply.reason(), id);
    }
}
