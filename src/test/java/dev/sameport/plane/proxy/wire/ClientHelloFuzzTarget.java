package dev.sameport.plane.proxy.wire;

import dev.sameport.plane.proxy.wire.ClientHello.Incomplete;
import dev.sameport.plane.proxy.wire.ClientHello.Named;
import dev.sameport.plane.proxy.wire.ClientHello.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Function;
import java.util.function.Supplier;

/// Bytes where a TLS client should begin: never an exception, nothing consumed; what comes of them
/// does not depend on how they are cut; a name is one that a look-up can be trusted with.
public final class ClientHelloFuzzTarget {
    private ClientHelloFuzzTarget() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        check(input, () -> new ClientHello()::look);
    }

    /// The same for other readers.
    public static void check(byte[] input, Supplier<Function<ByteBuf, Outcome>> readers) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        Outcome whole = readers.get().apply(in);
        Function<ByteBuf, Outcome> reader = readers.get();
        ByteBuf growing = Unpooled.wrappedBuffer(input).writerIndex(0);
        Outcome cut = new Incomplete();
        while (cut instanceof Incomplete && growing.writerIndex() < input.length) {
            growing.writerIndex(growing.writerIndex() + 1);
            cut = reader.apply(growing);
        }
        if (!cut.equals(whole)) {
            throw new AssertionError(whole + ", but in pieces " + cut);
        }
        if (in.readerIndex() + growing.readerIndex() > 0) {
            throw new AssertionError("bytes were consumed");
        }
        if (whole instanceof Named(String name) && name != null) {
            checkName(name);
        }
    }

    private static void checkName(String name) {
        if (!name.matches("[-_a-z0-9]+([.][-_a-z0-9]+)*") || name.length() > 253) {
            throw new AssertionError("server name '" + name + "'");
        }
    }
}
