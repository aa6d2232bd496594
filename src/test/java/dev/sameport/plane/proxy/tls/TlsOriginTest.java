package dev.sameport.plane.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.plane.proxy.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsOriginTest {
    @TempDir Path folder;

    private final EventLoops loops = EventLoops.open(1);

    @AfterEach
    void close() {
        loops.close();
    }

    private TestTlsServer server(TlsLibrary library) throws IOException {
        CertificateFiles files = TestCertificates.storedIn(folder, "issued.crt", "issued.key");
        return new TestTlsServer(new TlsSettings(List.of(files), false, List.of(), true), library);
    }

    private Path authority() throws IOException {
        return Files.write(folder.resolve("ca.crt"), TestCertificates.stored("ca.crt"));
    }

    /// The protocol that was agreed on; `none` without one.
    private String connect(
            TestTlsServer server, TlsOrigin.Settings settings, TlsLibrary library, String host)
            throws Exception {
        try (TlsOrigin origin = TlsOrigin.open(settings, library)) {
            SslHandler handler =
                    origin.newHandler(ByteBufAllocator.DEFAULT, host, server.address().getPort());
            Channel channel =
                    new Bootstrap()
                            .group(loops.group())
                            .channelFactory(loops.transport().sockets(SocketProtocolFamily.INET))
                            .handler(handler)
                            .connect(server.address())
                            .sync()
                            .channel();
            channel.pipeline().addLast(new Quiet());
            var handshake = handler.handshakeFuture().awaitUninterruptibly();
            channel.close().syncUninterruptibly();
            if (handshake.cause() instanceof Exception failure) {
                throw failure;
            }
            String agreed = handler.applicationProtocol();
            return agreed == null ? "none" : agreed;
        }
    }

    private static TlsOrigin.Settings trusting(
            @Nullable Path authority, @Nullable String name, boolean insecure) {
        return new TlsOrigin.Settings(authority, name, insecure, List.of("h2"));
    }

    @ParameterizedTest
    @EnumSource
    void an_endpoint_of_a_trusted_authority_is_believed_by_its_name_and_its_address(
            TlsLibrary library) throws Exception {
        try (TestTlsServer server = server(library)) {
            Path authority = authority();

            assertEquals(
                    "h2", connect(server, trusting(authority, null, false), library, "127.0.0.1"));
            assertEquals(
                    "h2",
                    connect(
                            server,
                            trusting(authority, "origin.example", false),
                            library,
                            "10.9.8.7"));
            assertEquals(
                    "none",
                    connect(
                            server,
                            new TlsOrigin.Settings(authority, null, false, List.of()),
                            library,
                            "127.0.0.1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_endpoint_of_another_name_is_refused(TlsLibrary library) throws Exception {
        try (TestTlsServer server = server(library)) {
            TlsOrigin.Settings settings = trusting(authority(), "other.example", false);

            assertThrows(SSLException.class, () -> connect(server, settings, library, "127.0.0.1"));
            assertThrows(
                    SSLException.class,
                    () ->
                            connect(
                                    server,
                                    trusting(authority(), null, false),
                                    library,
                                    "127.0.0.2"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_endpoint_of_an_authority_that_nobody_trusts_is_refused_unless_told_otherwise(
            TlsLibrary library) throws Exception {
        try (TestTlsServer server = server(library)) {
            assertThrows(
                    SSLException.class,
                    () ->
                            connect(
                                    server,
                                    trusting(null, "origin.example", false),
                                    library,
                                    "127.0.0.1"));
            assertEquals("h2", connect(server, trusting(null, "any", true), library, "127.0.0.1"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void authorities_that_cannot_be_read_are_named(TlsLibrary library) throws Exception {
        Path malformed = Files.writeString(folder.resolve("bad.crt"), "no PEM");
        for (Path path : List.of(malformed, folder.resolve("absent.crt"))) {
            IOException failure =
                    assertThrows(
                            IOException.class,
                            () -> TlsOrigin.open(trusting(path, null, false), library));

            assertTrue(String.valueOf(failure.getMessage()).contains(path.toString()));
        }
    }

    @Test
    void insecure_with_authorities_is_nonsense() {
        Path any = folder.resolve("ca.crt");
        assertInstanceOf(
                IllegalArgumentException.class,
                assertThrows(RuntimeException.class, () -> trusting(any, null, true)));
    }

    private static final class Quiet extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close(); // The handshake's future tells.
        }
    }
}
