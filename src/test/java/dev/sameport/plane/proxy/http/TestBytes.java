package dev.sameport.plane.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;

/// HTTP in bytes, for tests.
final class TestBytes {
    private TestBytes() {}

    static byte[] of(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /// The body that follows `head`, by its Content-Length or chunks.
    static String body(String head, InputStream in) throws IOException {
        if (!Origins.field(head, "Transfer-Encoding").equals("chunked")) {
            String length = Origins.field(head, "Content-Length");
            return new String(
                    in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)), ISO_8859_1);
        }
        StringBuilder body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(line(in).replaceFirst(";.*", ""), 16);
            if (size == 0) {
                while (!line(in).isEmpty()) {}
                return body.toString();
            }
            body.append(new String(in.readNBytes(size), ISO_8859_1));
            line(in);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }
}
