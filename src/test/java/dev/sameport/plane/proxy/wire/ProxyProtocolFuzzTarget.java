package dev.sameport.plane.proxy.wire;

import dev.sameport.model.ProxyVersion;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Incomplete;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Outcome;
import dev.sameport.plane.proxy.wire.ProxyProtocol.Proxied;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Function;

/// Bytes where a PROXY header should be: never an exception; what comes of them does not depend on
/// how they are cut; a header that is read and written again says the same.
public final class ProxyProtocolFuzzTarget {
    private ProxyProtocolFuzzTarget() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        check(input, ProxyProtocol::read);
    }

    /// The same for another reader.
    public static void check(byte[] input, Function<ByteBuf, Outcome> reader) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        Outcome whole = reader.apply(in);
        checkConsumed(whole, in.readerIndex());
        checkCut(input, whole, reader);
        if (whole instanceof Proxied proxied) {
            for (ProxyVersion version : ProxyVersion.values()) {
                checkWritten(version, proxied, reader);
            }
        }
    }

    private static void checkConsumed(Outcome whole, int consumed) {
        boolean header = whole instanceof Proxied || whole instanceof ProxyProtocol.Unproxied;
        if (header != consumed > 0) {
            throw new AssertionError(whole + " consumed " + consumed);
        }
    }

    private static void checkCut(byte[] input, Outcome whole, Function<ByteBuf, Outcome> reader) {
        ByteBuf growing = Unpooled.wrappedBuffer(input).writerIndex(0);
        Outcome cut = new Incomplete();
        while (cut instanceof Incomplete && growing.writerIndex() < input.length) {
            growing.writerIndex(growing.writerIndex() + 1);
            cut = reader.apply(growing);
        }
        if (!cut.equals(whole)) {
            throw new AssertionError(whole + ", but in pieces " + cut);
        }
    }

    private static void checkWritten(
            ProxyVersion version, Proxied proxied, Function<ByteBuf, Outcome> reader) {
        ByteBuf out = Unpooled.buffer();
        ProxyProtocol.write(version, proxied.source(), proxied.destination(), out);
        int most = version == ProxyVersion.V1 ? ProxyProtocol.MOST_TEXT : ProxyProtocol.MOST_BINARY;
        if (out.readableBytes() > most) {
            throw new AssertionError(version + " has " + out.readableBytes() + " bytes");
        }
        Outcome again = reader.apply(out);
        if (!again.equals(proxied) || out.isReadable()) {
            throw new AssertionError(proxied + " is read as " + again);
        }
    }
}
