package dev.sameport.plane.proxy.l4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.TcpPolicy;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.Transports;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How many connections a service has, and how long they may be silent.
class ConnectionLimitTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final PublishedPort published = PublishedPort.tcp(Wanted.freePort());

    private static TcpPolicy most(int connections) {
        return new TcpPolicy(Duration.ofSeconds(1), Duration.ZERO, connections, null, List.of());
    }

    private static TcpPolicy idle(Duration idle) {
        return new TcpPolicy(Duration.ofSeconds(1), idle, 0, null, List.of());
    }

    private static void echoes(Socket client) throws IOException {
        client.getOutputStream().write(7);
        assertEquals(7, client.getInputStream().read());
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void one_connection_too_many_waits_until_another_ends(Transport transport) throws Exception {
        try (TestServer echo = TestServer.echo();
                TestListeners listeners = new TestListeners(transport, most(2))) {
            listeners.apply(Wanted.serving(published, echo.address()));
            Socket first = TestListeners.connect(published);
            echoes(first);
            try (Socket second = TestListeners.connect(published)) {
                echoes(second);
                try (Socket third = TestListeners.connect(published)) {
                    Until.holds("it waits", () -> listeners.listeners.held() == 1);
                    first.close();
                    echoes(third);
                    echoes(second);
                    assertEquals(0, listeners.listeners.held());
                }
            }
            Until.holds("nothing is open", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void one_connection_too_many_is_reset_when_the_hold_is_over(Transport transport)
            throws Exception {
        try (TestServer echo = TestServer.echo();
                TestListeners listeners = new TestListeners(transport, most(1))) {
            listeners.apply(
                    Wanted.port(
                            published,
                            Intake.SERVE,
                            Duration.ofMillis(100),
                            List.of(Wanted.endpoint(echo.address(), 1))));
            try (Socket first = TestListeners.connect(published)) {
                echoes(first);
                try (Socket second = TestListeners.connect(published)) {
                    assertThrows(SocketException.class, () -> second.getInputStream().read());
                } catch (SocketException _) {
                    // The reset came before connect(2) returned.
                }
                echoes(first);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void many_clients_all_get_their_turn_and_never_too_many_at_a_time(Transport transport)
            throws Exception {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (TestServer server =
                        TestServer.start(socket -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            echoesUntilEnd(socket);
                            now.decrementAndGet();
                        });
                TestListeners listeners = new TestListeners(transport, most(3))) {
            listeners.apply(
                    Wanted.port(
                            published,
                            Intake.SERVE,
                            LONG,
                            List.of(Wanted.endpoint(server.address(), 1))));
            List<Thread> clients = new ArrayList<>();
            AtomicInteger served = new AtomicInteger();
            for (int i = 0; i < 60; i++) {
                clients.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try (Socket client = TestListeners.connect(published)) {
                                        echoes(client);
                                        // Ended in order, so that the endpoint is done before the
                                        // place is free.
                                        client.shutdownOutput();
                                        assertEquals(-1, client.getInputStream().read());
                                        served.incrementAndGet();
                                    } catch (IOException failure) {
                                        throw new AssertionError(failure);
                                    }
                                }));
            }
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(60, served.get());
            assertTrue(most.get() <= 3, () -> most + " at a time");
            Until.holds("nothing is open", () -> listeners.listeners.active() == 0);
        }
    }

    private static void echoesUntilEnd(Socket socket) throws IOException {
        socket.getInputStream().transferTo(socket.getOutputStream());
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_relay_that_is_silent_too_long_ends_on_both_sides(Transport transport) throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (TestServer server =
                        TestServer.start(socket -> {
                            echoesUntilEnd(socket);
                            ended.countDown();
                        });
                TestListeners listeners =
                        new TestListeners(transport, idle(Duration.ofMillis(400)))) {
            listeners.apply(Wanted.serving(published, server.address()));
            try (Socket client = TestListeners.connect(published)) {
                echoes(client);
                long start = System.nanoTime();
                assertEquals(-1, client.getInputStream().read());
                long millis = (System.nanoTime() - start) / 1_000_000;
                assertTrue(millis >= 300, () -> "ended after " + millis + " ms");
                ended.await();
            }
            Until.holds("nothing is open", () -> listeners.listeners.active() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource(Transports.HERE)
    void a_relay_that_carries_something_one_way_is_not_silent(Transport transport)
            throws Exception {
        Duration idle = Duration.ofMillis(400);
        AtomicLong read = new AtomicLong();
        try (TestServer server =
                        TestServer.start(socket -> {
                            while (socket.getInputStream().read() >= 0) {
                                read.incrementAndGet();
                            }
                        });
                TestListeners listeners = new TestListeners(transport, idle(idle))) {
            listeners.apply(Wanted.serving(published, server.address()));
            try (Socket client = TestListeners.connect(published)) {
                long end = System.nanoTime() + 3 * idle.toNanos();
                int sent = 0;
                while (System.nanoTime() < end) {
                    client.getOutputStream().write(1);
                    int expected = ++sent;
                    Until.holds("it arrives", () -> read.get() == expected);
                    LockSupport.parkNanos(idle.toNanos() / 10);
                }
                assertEquals(sent, read.get());
                assertEquals(1, listeners.listeners.active());
            }
        }
    }

    @Test
    void a_place_that_becomes_free_wakes_those_who_wait_one_by_one() {
        Places places = new Places();
        List<String> woken = new ArrayList<>();
        Waiting first = () -> woken.add("first");
        Waiting second = () -> woken.add("second");
        assertTrue(places.enter(1, () -> woken.add("nobody")));
        assertTrue(!places.enter(1, first));
        assertTrue(!places.enter(1, second));
        places.leave();
        assertEquals(List.of("first"), woken);
        // The first doesn't want it any more, so it passes it on.
        assertTrue(!places.forget(first));
        places.wakeNext();
        assertEquals(List.of("first", "second"), woken);
        assertTrue(places.enter(1, second));
        assertTrue(!places.enter(1, first));
        assertTrue(places.enter(2, first));
        assertTrue(places.enter(0, first));
        assertEquals(3, places.taken());
    }
}
