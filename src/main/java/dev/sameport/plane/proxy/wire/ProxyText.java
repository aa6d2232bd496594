package dev.sameport.plane.proxy.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sameport.plane.proxy.wire.ProxyProtocol.Incomplete;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Outcome;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Proxied;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Refused;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Unproxied;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Version 1 of the PROXY protocol: one line of text.
final class ProxyText {
    private static final String BEGIN = "PROXY ";
    private static final String UNKNOWN = "UNKNOWN";
    private static final int PORT_DIGITS = 5;
    private static final int GREATEST_PORT = 65_535;
    private static final int IPV4 = 4;

    private ProxyText() {}

    static Outcome read(ByteBuf in) {
        int start = in.readerIndex();
        int present = Math.min(in.readableBytes(), ProxyProtocol.MOST_TEXT);
        for (int i = 0; i < present; i++) {
            int character = in.getUnsignedByte(start + i);
            if (i < BEGIN.length() && character != BEGIN.charAt(i)) {
                return new Refused("it doesn't begin like a header");
            }
            if (character == '\n') {
                return line(in, start, i);
            }
            if (character == '\r' ? i + 1 < present && !endsAt(in, start + i) : !plain(character)) {
                return new Refused("the header line has a character that is not allowed");
            }
        }
        return present < ProxyProtocol.MOST_TEXT
                ? Incomplete.MORE
                : new Refused("the header line has no end within 107 bytes");
    }

    private static boolean endsAt(ByteBuf in, int index) {
        return in.getByte(index + 1) == '\n';
    }

    private static boolean plain(int character) {
        return character >= ' ' && character <= '~';
    }

    /// @param end of the line: the index of its LF from `start` on
    private static Outcome line(ByteBuf in, int start, int end) {
        if (end == 0 || in.getByte(start + end - 1) != '\r') {
            return new Refused("the header line doesn't end with CR LF");
        }
        int from = start + BEGIN.length();
        String text = in.toString(from, start + end - 1 - from, US_ASCII);
        Outcome outcome = parse(text);
        if (!(outcome instanceof Refused)) {
            in.readerIndex(start + end + 1);
        }
        return outcome;
    }

    private static Outcome parse(String text) {
        if (text.equals(UNKNOWN) || text.startsWith(UNKNOWN + " ")) {
            return Unproxied.NO_ADDRESSES;
        }
        String[] words = text.split(" ", -1);
        boolean four = words[0].equals("TCP4");
        if (words.length != 5 || !(four || words[0].equals("TCP6"))) {
            return new Refused("the header line is neither TCP4, TCP6 nor UNKNOWN with its words");
        }
        InetSocketAddress source = address(words[1], words[3], four);
        InetSocketAddress destination = address(words[2], words[4], four);
        return source == null || destination == null
                ? new Refused("the header line has a malformed address or port")
                : new Proxied(source, destination);
    }

    private static @Nullable InetSocketAddress address(String text, String port, boolean four) {
        int number = number(port, PORT_DIGITS);
        InetAddress address = four ? ipv4(text) : ipv6(text);
        return address == null || number < 0 || number > GREATEST_PORT
                ? null
                : new InetSocketAddress(address, number);
    }

    /// A decimal number without sign or leading zero; -1 where it is none.
    private static int number(String text, int mostDigits) {
        boolean leadingZero = text.length() > 1 && text.charAt(0) == '0';
        if (text.isEmpty() || text.length() > mostDigits || leadingZero) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return -1;
            }
            value = value * 10 + digit - '0';
        }
        return value;
    }

    private static @Nullable InetAddress ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        boolean wellFormed = parts.length == IPV4;
        for (String part : parts) {
            int value = number(part, 3);
            wellFormed &= value >= 0 && value <= 255;
        }
        return wellFormed ? InetAddress.ofLiteral(text) : null;
    }

    private static @Nullable InetAddress ipv6(String text) {
        // A literal of Java's could also be an IPv4 address or have a scope.
        if (text.indexOf(':') < 0 || !text.chars().allMatch(ProxyText::ofIpv6)) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static boolean ofIpv6(int character) {
        return Character.digit(character, 16) >= 0 || character == ':' || character == '.';
    }

    static void write(InetSocketAddress source, InetSocketAddress destination, ByteBuf out) {
        byte[] from = source.getAddress().getAddress();
        byte[] to = destination.getAddress().getAddress();
        boolean four = from.length == IPV4 && to.length == IPV4;
        ByteBufUtil.writeAscii(out, four ? "PROXY TCP4 " : "PROXY TCP6 ");
        write(from, four, out);
        out.writeByte(' ');
        write(to, four, out);
        out.writeByte(' ');
        decimal(source.getPort(), out);
        out.writeByte(' ');
        decimal(destination.getPort(), out);
        out.writeShort('\r' << 8 | '\n');
    }

    private static void write(byte[] address, boolean four, ByteBuf out) {
        if (address.length == IPV4) {
            if (!four) {
                ByteBufUtil.writeAscii(out, "::ffff:");
            }
            for (int i = 0; i < IPV4; i++) {
                separator(i, '.', out);
                decimal(address[i] & 0xff, out);
            }
        } else {
            for (int i = 0; i < address.length; i += 2) {
                separator(i, ':', out);
                hexadecimal((address[i] & 0xff) << 8 | (address[i + 1] & 0xff), out);
            }
        }
    }

    private static void separator(int index, char character, ByteBuf out) {
        if (index > 0) {
            out.writeByte(character);
        }
    }

    private static void decimal(int value, ByteBuf out) {
        for (int unit = 10_000; unit > 0; unit /= 10) {
            if (value >= unit || unit == 1) {
                out.writeByte('0' + value / unit % 10);
            }
        }
    }

    private static void hexadecimal(int value, ByteBuf out) {
        for (int shift = 12; shift >= 0; shift -= 4) {
            if (value >> shift > 0 || shift == 0) {
                out.writeByte(Character.forDigit(value >> shift & 0xf, 16));
            }
        }
    }
}
