package dev.sameport.engine.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A tar archive of plain files in memory (ustar, POSIX.1-1988), the same bytes each time: owner 0,
/// time 0. Confined to one writing.
final class Tar {
    private static final int BLOCK = 512;
    private static final int NAME = 100;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// Adds a file. @param mode such as `0755`
    Tar file(String name, int mode, byte[] content) {
        bytes.writeBytes(header(name, mode, content.length));
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        return this;
    }

    /// The archive: two empty blocks end it.
    byte[] end() {
        bytes.writeBytes(new byte[2 * BLOCK]);
        return bytes.toByteArray();
    }

    private static byte[] header(String name, int mode, int size) {
        byte[] header = new byte[BLOCK];
        byte[] path = name.getBytes(StandardCharsets.US_ASCII);
        if (path.length > NAME) {
            throw new IllegalArgumentException(
                    "file name '" + name + "' is longer than " + NAME + " characters");
        }
        System.arraycopy(path, 0, header, 0, path.length);
        octal(header, 100, 7, mode);
        octal(header, 108, 7, 0); // owner
        octal(header, 116, 7, 0); // group
        octal(header, 124, 11, size);
        octal(header, 136, 11, 0); // time
        Arrays.fill(header, 148, 156, (byte) ' '); // the sum is taken as if it were blanks
        header[156] = '0'; // a plain file
        text(header, 257, "ustar\00000");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        octal(header, 148, 6, sum);
        header[154] = 0;
        return header;
    }

    private static void octal(byte[] header, int at, int digits, int value) {
        String text = Integer.toOctalString(value);
        text(header, at, "0".repeat(digits - text.length()) + text);
    }

    private static void text(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
