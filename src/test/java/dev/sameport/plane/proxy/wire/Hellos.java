package dev.sameport.plane.proxy.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/// Makes first messages of TLS clients.
public final class Hellos {
    private Hellos() {}

    static ByteBuf hex(String digits) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(digits.replace(" ", "")));
    }

    static ByteBuf extension(int type, ByteBuf body) {
        return Unpooled.buffer().writeShort(type).writeShort(body.readableBytes()).writeBytes(body);
    }

    static ByteBuf extension(int type, int length) {
        return extension(type, Unpooled.wrappedBuffer(new byte[length]));
    }

    static ByteBuf name(String name) {
        byte[] bytes = name.getBytes(ISO_8859_1);
        ByteBuf body = Unpooled.buffer();
        body.writeShort(3 + bytes.length).writeByte(0).writeShort(bytes.length).writeBytes(bytes);
        return extension(0, body);
    }

    static ByteBuf withoutExtensions() {
        ByteBuf body = Unpooled.buffer();
        body.writeShort(0x0303).writeBytes(new byte[32]);
        body.writeByte(3).writeBytes(new byte[3]);
        body.writeShort(4).writeInt(0x13011302);
        body.writeByte(1).writeByte(0);
        return withHeader(body);
    }

    static ByteBuf message(ByteBuf... extensions) {
        ByteBuf body = withoutExtensions().skipBytes(4);
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf extension : extensions) {
            all.writeBytes(extension);
        }
        body.discardReadBytes().writeShort(all.readableBytes()).writeBytes(all);
        return withHeader(body);
    }

    private static ByteBuf withHeader(ByteBuf body) {
        return Unpooled.buffer().writeByte(1).writeMedium(body.readableBytes()).writeBytes(body);
    }

    /// A message in records of at most `most` bytes.
    static ByteBuf records(ByteBuf message, int most) {
        ByteBuf in = Unpooled.buffer();
        while (message.isReadable()) {
            int size = Math.min(most, message.readableBytes());
            in.writeByte(22).writeShort(0x0301).writeShort(size).writeBytes(message, size);
        }
        return in;
    }

    /// What a client sends first that asks for `name`.
    public static byte[] naming(String name) {
        return ByteBufUtil.getBytes(records(message(name(name), extension(51, 38)), 1 << 14));
    }

    /// What a client sends first that asks for no name.
    public static byte[] anonymous() {
        return ByteBufUtil.getBytes(records(message(extension(51, 38)), 1 << 14));
    }
}
