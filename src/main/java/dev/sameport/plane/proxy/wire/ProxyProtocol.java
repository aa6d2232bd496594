package dev.sameport.plane.proxy.wire;

import dev.sameport.model.ProxyVersion;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/// The header by which a proxy tells whose connection it passes on (the PROXY protocol, versions 1
/// and 2, as of HAProxy's `proxy-protocol.txt`).
public final class ProxyProtocol {
    /// Most bytes of a header of version 1, its line end included.
    public static final int MOST_TEXT = 107;

    /// Most bytes of a header of version 2 that are taken: the addresses are followed by other
    /// values, such as a client's certificate, which are passed over.
    public static final int MOST_BINARY = 16 << 10;

    private ProxyProtocol() {}

    /// What came of reading a header.
    public sealed interface Outcome {}

    /// The header isn't whole yet; nothing was consumed.
    public record Incomplete() implements Outcome {
        static final Incomplete MORE = new Incomplete();
    }

    /// The connection of `source`, which it made to `destination`. The header was consumed.
    public record Proxied(InetSocketAddress source, InetSocketAddress destination)
            implements Outcome {}

    /// The header tells no addresses: it is the proxy's own connection (`LOCAL`), or one of a kind
    /// that is neither TCP over IPv4 nor over IPv6 (`UNKNOWN`). The header was consumed.
    public record Unproxied() implements Outcome {
        static final Unproxied NO_ADDRESSES = new Unproxied();
    }

    /// It is no header; nothing was consumed.
    ///
    /// @param what what is wrong, for people
    public record Refused(String what) implements Outcome {}

    /// Reads a header from the reader index on, of whichever version. Whether more is needed
    /// depends on the bytes alone: a wrong one is refused as soon as it is there.
    public static Outcome read(ByteBuf in) {
        if (!in.isReadable()) {
            return Incomplete.MORE;
        }
        return in.getByte(in.readerIndex()) == 'P' ? ProxyText.read(in) : ProxyBinary.read(in);
    }

    /// Appends a header. Where only one address is IPv4 it is written as a mapped IPv6 address.
    ///
    /// @param source the client
    /// @param destination what the client connected to
    public static void write(
            ProxyVersion version,
            InetSocketAddress source,
            InetSocketAddress destination,
            ByteBuf out) {
        switch (version) {
            case V1 -> ProxyText.write(source, destination, out);
            case V2 -> ProxyBinary.write(source, destination, out);
        }
    }
}
