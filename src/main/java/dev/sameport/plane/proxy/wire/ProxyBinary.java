package dev.sameport.plane.proxy.wire;

import dev.sameport.plane.proxy.wire.ProxyProtocol.Incomplete;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Outcome;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Proxied;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Refused;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Unproxied;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// Version 2 of the PROXY protocol: 16 bytes, the addresses, then values that are passed over.
final class ProxyBinary {
    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int COMMAND = 12;
    private static final int KIND = 13;
    private static final int LENGTH = 14;
    private static final int FIXED = 16;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;

    private static final int UNSPECIFIED = 0x00;
    private static final int TCP4 = 0x11;
    private static final int UDP4 = 0x12;
    private static final int TCP6 = 0x21;
    private static final int UDP6 = 0x22;
    private static final int UNIX_STREAM = 0x31;
    private static final int UNIX_DATAGRAM = 0x32;

    private static final int IPV4 = 4;
    private static final int IPV6 = 16;

    private ProxyBinary() {}

    static Outcome read(ByteBuf in) {
        int start = in.readerIndex();
        int present = Math.min(in.readableBytes(), FIXED);
        for (int i = 0; i < present; i++) {
            String wrong = wrong(i, in.getUnsignedByte(start + i));
            if (wrong != null) {
                return new Refused(wrong);
            }
        }
        if (present < FIXED) {
            return Incomplete.MORE;
        }
        int length = in.getUnsignedShort(start + LENGTH);
        if (length > ProxyProtocol.MOST_BINARY - FIXED) {
            return new Refused("the header has " + (FIXED + length) + " bytes");
        }
        boolean local = in.getUnsignedByte(start + COMMAND) == LOCAL;
        int kind = local ? UNSPECIFIED : in.getUnsignedByte(start + KIND);
        if (length < least(kind)) {
            return new Refused("the header is too short for its addresses");
        }
        return in.readableBytes() < FIXED + length ? Incomplete.MORE : take(in, kind, length);
    }

    private static @Nullable String wrong(int index, int value) {
        return switch (index) {
            case COMMAND -> value == LOCAL || value == PROXY ? null : "the command is unknown";
            case KIND -> isKind(value) ? null : "the kind of address is unknown";
            case LENGTH, LENGTH + 1 -> null;
            default -> SIGNATURE[index] == value ? null : "it doesn't begin like a header";
        };
    }

    private static boolean isKind(int kind) {
        return switch (kind) {
            case UNSPECIFIED, TCP4, UDP4, TCP6, UDP6, UNIX_STREAM, UNIX_DATAGRAM -> true;
            default -> false;
        };
    }

    private static int least(int kind) {
        return switch (kind) {
            case TCP4 -> 2 * IPV4 + 4;
            case TCP6 -> 2 * IPV6 + 4;
            default -> 0;
        };
    }

    private static Outcome take(ByteBuf in, int kind, int length) {
        int addresses = in.readerIndex() + FIXED;
        in.skipBytes(FIXED + length);
        return switch (kind) {
            case TCP4 -> proxied(in, addresses, IPV4);
            case TCP6 -> proxied(in, addresses, IPV6);
            default -> Unproxied.NO_ADDRESSES;
        };
    }

    private static Proxied proxied(ByteBuf in, int at, int size) {
        int ports = at + 2 * size;
        return new Proxied(
                address(in, at, size, in.getUnsignedShort(ports)),
                address(in, at + size, size, in.getUnsignedShort(ports + 2)));
    }

    private static InetSocketAddress address(ByteBuf in, int at, int size, int port) {
        byte[] bytes = new byte[size];
        in.getBytes(at, bytes);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static void write(InetSocketAddress source, InetSocketAddress destination, ByteBuf out) {
        byte[] from = source.getAddress().getAddress();
        byte[] to = destination.getAddress().getAddress();
        boolean four = from.length == IPV4 && to.length == IPV4;
        out.writeBytes(SIGNATURE);
        out.writeByte(PROXY);
        out.writeByte(four ? TCP4 : TCP6);
        out.writeShort(least(four ? TCP4 : TCP6));
        write(from, four, out);
        write(to, four, out);
        out.writeShort(source.getPort());
        out.writeShort(destination.getPort());
    }

    private static void write(byte[] address, boolean four, ByteBuf out) {
        if (!four && address.length == IPV4) {
            out.writeLong(0);
            out.writeInt(0xffff); // ::ffff:0:0/96 (RFC 4291, section 2.5.5.2)
        }
        out.writeBytes(address);
    }
}
