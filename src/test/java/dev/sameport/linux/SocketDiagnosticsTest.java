package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SocketDiagnosticsTest {
    private final NetworkNamespace namespace = NetworkNamespace.createAnonymous();
    private SocketDiagnostics diagnostics;

    @BeforeEach
    void open() {
        var _ = namespace.call(() -> TestNetwork.run("ip", "link", "set", "lo", "up"));
        diagnostics = namespace.call(SocketDiagnostics::open);
    }

    @AfterEach
    void close() {
        diagnostics.close();
        namespace.close();
    }

    private ServerSocketChannel listen(StandardProtocolFamily family, String address, int port)
            throws Exception {
        InetSocketAddress local = new InetSocketAddress(InetAddress.getByName(address), port);
        return namespace.call(() -> ServerSocketChannel.open(family).bind(local));
    }

    @Test
    void listeners_are_seen_with_address_and_owner_and_free_ports_are_free() throws Exception {
        try (ServerSocketChannel _ = listen(StandardProtocolFamily.INET, "127.0.0.1", 8080);
                ServerSocketChannel _ = listen(StandardProtocolFamily.INET, "127.0.0.2", 8080)) {
            List<ListeningSocket> sockets = diagnostics.listeningOn(8080);

            assertEquals(
                    List.of("127.0.0.1", "127.0.0.2"),
                    sockets.stream()
                            .map(socket -> socket.address().getHostAddress())
                            .sorted()
                            .toList());
            assertEquals(0, sockets.getFirst().uid());
            assertFalse(sockets.getFirst().ipv6());
            SocketOwner owner = SocketDiagnostics.ownerOf(sockets.getFirst().inode()).orElseThrow();
            assertEquals(ProcessHandle.current().pid(), owner.pid());
            assertEquals("java", owner.command());
            assertEquals(List.of(), diagnostics.listeningOn(8081));
        }
        assertEquals(List.of(), diagnostics.listeningOn(8080));
    }

    @Test
    void a_dual_stack_listener_serves_ipv4_too() throws Exception {
        try (ServerSocketChannel _ = listen(StandardProtocolFamily.INET6, "::", 80)) {
            ListeningSocket socket = diagnostics.listeningOn(80).getFirst();

            assertTrue(socket.ipv6());
            assertFalse(socket.v6Only());
            assertTrue(socket.serves(InetAddress.getByName("198.18.0.1")));
            assertTrue(socket.serves(InetAddress.getByName("fd00::1")));
        }
    }

    @Test
    void a_listener_serves_only_the_addresses_and_the_family_that_it_has() throws Exception {
        InetAddress v4 = InetAddress.getByName("198.18.0.1");
        InetAddress v6 = InetAddress.getByName("fd00::1");
        var v6Only = new ListeningSocket(InetAddress.getByName("::"), 80, true, true, 0, 1, 0, 2);
        var anyV4 =
                new ListeningSocket(InetAddress.getByName("0.0.0.0"), 80, false, false, 0, 1, 0, 2);
        var one = new ListeningSocket(v4, 80, false, false, 0, 1, 0, 2);

        assertEquals(List.of(false, true), List.of(v6Only.serves(v4), v6Only.serves(v6)));
        assertEquals(List.of(true, false), List.of(anyV4.serves(v4), anyV4.serves(v6)));
        assertTrue(one.serves(v4));
        assertFalse(one.serves(InetAddress.getByName("198.18.0.2")));
    }

    @Test
    void connections_are_not_listeners() throws Exception {
        try (ServerSocketChannel server = listen(StandardProtocolFamily.INET, "127.0.0.1", 8080);
                SocketChannel client =
                        namespace.call(() -> SocketChannel.open(server.getLocalAddress()));
                SocketChannel _ = server.accept()) {
            int clientPort = ((InetSocketAddress) client.getLocalAddress()).getPort();

            assertEquals(1, diagnostics.listeningOn(8080).size());
            assertEquals(List.of(), diagnostics.listeningOn(clientPort));
        }
    }

    @Test
    void a_port_of_another_namespace_is_not_seen_and_an_unknown_inode_has_no_owner()
            throws Exception {
        try (NetworkNamespace other = NetworkNamespace.createAnonymous();
                ServerSocketChannel _ =
                        other.call(() ->
                                ServerSocketChannel.open()
                                        .bind(new InetSocketAddress("0.0.0.0", 8080)))) {
            assertEquals(List.of(), diagnostics.listeningOn(8080));
        }
        assertEquals(Optional.empty(), SocketDiagnostics.ownerOf(Long.MAX_VALUE));
    }

    @Test
    void a_port_out_of_range_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> diagnostics.listeningOn(0));
        assertThrows(IllegalArgumentException.class, () -> diagnostics.listeningOn(65536));
    }
}
