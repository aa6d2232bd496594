package dev.sameport.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// A request to an engine, small enough to be held in memory.
///
/// @param method such as `GET`
/// @param target path and query
/// @param type of the body, empty where there is none
/// @param body not to be changed any more
@SuppressWarnings("ArrayRecordComponent") // never compared
record Call(String method, String target, String type, byte[] body) {
    static Call get(String target) {
        return new Call("GET", target, "", new byte[0]);
    }

    static Call delete(String target) {
        return new Call("DELETE", target, "", new byte[0]);
    }

    /// A POST without a body.
    static Call post(String target) {
        return new Call("POST", target, "", new byte[0]);
    }

    static Call post(String target, String type, byte[] body) {
        return new Call("POST", target, type, body);
    }

    /// As it is sent (RFC 9112).
    byte[] bytes() {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        head.append("Host: engine\r\nAccept: application/json\r\nConnection: close\r\n");
        if (!type.isEmpty()) {
            head.append("Content-Type: ").append(type).append("\r\n");
        }
        if (!method.equals("GET")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /// For messages: `GET /version`.
    @Override
    public String toString() {
        return method + " " + target;
    }
}
