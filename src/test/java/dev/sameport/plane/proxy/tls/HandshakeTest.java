package dev.sameport.plane.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HandshakeTest {
    private static final TlsSettings SELF_SIGNED =
            new TlsSettings(List.of(), true, List.of(), true);

    private final EmbeddedChannel channel = new EmbeddedChannel();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static byte[] hello() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("one.example", 443);
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), hello.position());
    }

    private TlsTermination open(TlsLibrary library) {
        return TlsTermination.open(SELF_SIGNED, library, TicketKeys.fresh(Instant.now()), _ -> {});
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void a_client_that_says_nothing_is_dropped_after_10_seconds() {
        try (TlsTermination termination = open(TlsLibrary.best())) {
            channel.freezeTime();
            channel.pipeline().addLast(termination.newHandler(ByteBufAllocator.DEFAULT));

            pass(9);
            assertTrue(channel.isOpen());
            pass(2);
            assertFalse(channel.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_client_that_stops_after_its_hello_is_dropped_after_10_seconds(TlsLibrary library)
            throws Exception {
        try (TlsTermination termination = open(library)) {
            channel.freezeTime();
            channel.pipeline().addLast(termination.newHandler(ByteBufAllocator.DEFAULT));
            channel.writeInbound(Unpooled.wrappedBuffer(hello()));
            assertNotNull(channel.pipeline().get(SslHandler.class));
            assertNull(TlsTermination.protocolOf(channel));
            assertEquals("one.example", TlsTermination.serverNameOf(channel));

            pass(9);
            assertTrue(channel.isOpen());
            pass(2);
            assertFalse(channel.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_hello_that_comes_byte_by_byte_is_answered(TlsLibrary library) throws Exception {
        try (TestTlsServer server = new TestTlsServer(SELF_SIGNED, library);
                Socket client =
                        new Socket(server.address().getAddress(), server.address().getPort())) {
            client.setSoTimeout(20_000);
            client.setTcpNoDelay(true);
            for (byte next : hello()) {
                client.getOutputStream().write(next);
            }

            assertEquals(22, client.getInputStream().read(), "a record of the handshake");
        }
    }
}
