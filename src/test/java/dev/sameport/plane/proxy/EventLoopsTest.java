package dev.sameport.plane.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventLoopsTest {
    private static final int MARK = 0x5a;

    @Test
    void http_has_the_first_of_io_uring_epoll_and_nio_that_runs_and_relays_do_without_io_uring() {
        Transport relay = Transport.EPOLL.available() ? Transport.EPOLL : Transport.NIO;

        assertEquals(relay, Transport.forRelay());
        assertEquals(
                Transport.IO_URING.available() ? Transport.IO_URING : relay, Transport.forHttp());
        assertNull(Transport.NIO.obstacle());
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void the_support_names_the_transport_and_every_better_one_that_does_not_run(
            Transport transport) {
        try (EventLoops loops = EventLoops.open(transport, 1)) {
            String detail = loops.support().detail();

            assertTrue(loops.support().available());
            assertTrue(detail.startsWith(transport.text()), detail);
            for (Transport other : Transport.values()) {
                boolean missed = !other.available() && other.compareTo(transport) < 0;
                assertEquals(missed, detail.contains("no " + other.text() + ": "), detail);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void sockets_carry_the_mark_wherever_the_transport_and_the_user_may_set_one(Transport transport)
            throws Exception {
        try (EventLoops loops = EventLoops.open(transport, 1);
                EventLoops epoll = EventLoops.open(Transport.EPOLL, 1);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Upstream upstream = new Upstream(loops, MARK, SocketOptions.DEFAULT);
            Channel channel =
                    upstream.dial(
                                    upstream.next(),
                                    (InetSocketAddress) server.getLocalSocketAddress(),
                                    Duration.ofSeconds(10))
                            .sync()
                            .channel();

            assertEquals(transport != Transport.NIO && epoll.marks(), loops.marks());
            if (loops.marks()) {
                assertEquals(MARK, channel.config().getOption(EventLoops.MARK));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_dial_that_is_refused_says_so(Transport transport) throws Exception {
        int free;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = unused.getLocalPort();
        }
        try (EventLoops loops = EventLoops.open(transport, 1)) {
            Upstream upstream = new Upstream(loops, 0, SocketOptions.DEFAULT);
            var dialled =
                    upstream.dial(
                                    upstream.next(),
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), free),
                                    Duration.ofSeconds(10))
                            .awaitUninterruptibly();

            assertInstanceOf(ConnectException.class, dialled.cause());
        }
    }
}
