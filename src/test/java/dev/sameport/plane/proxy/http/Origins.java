package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sameport.plane.proxy.l4.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Servers that speak HTTP byte by byte, and remember what they were sent.
final class Origins implements AutoCloseable {
    /// What is answered to one request; null ends the connection.
    interface Answering {
        String answer(String head, Socket socket) throws Exception;
    }

    final Queue<String> heads = new ConcurrentLinkedQueue<>();
    final TestServer server;

    Origins(Answering answering) {
        server = TestServer.start(socket -> serve(socket, answering));
    }

    /// Answers every request with this text.
    static Origins saying(String body) {
        return new Origins((_, _) -> ok(body));
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void serve(Socket socket, Answering answering) throws Exception {
        InputStream in = socket.getInputStream();
        for (String head = head(in); !head.isEmpty(); head = head(in)) {
            heads.add(head);
            String answer = answering.answer(head, socket);
            if (answer == null) {
                return;
            }
            socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        }
    }

    /// A head with its empty line; empty where the connection ended.
    static String head(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String text = "";
        for (int b = in.read(); b >= 0; b = in.read()) {
            bytes.write(b);
            if (b == '\n') {
                text = bytes.toString(ISO_8859_1);
                if (text.endsWith("\r\n\r\n")) {
                    return text;
                }
            }
        }
        return "";
    }

    /// The value of a field in a head, or an empty text.
    static String field(String head, String name) {
        for (String line : head.split("\r\n")) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                return line.substring(name.length() + 1).strip();
            }
        }
        return "";
    }

    @Override
    public void close() {
        server.close();
    }
}
