package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConntrackTest {
    private static final int TCP = 6;
    private static final int MARK = 0x5a000000;
    private static final int MASK = 0xff000000;

    private final NetworkNamespace namespace = NetworkNamespace.createAnonymous();
    private Conntrack conntrack;

    @BeforeEach
    void publish_one_port() {
        for (String command :
                List.of(
                        "ip link set lo up",
                        "ip addr add 198.18.0.1/32 dev lo",
                        "ip addr add 198.18.0.2/32 dev lo",
                        "ip addr add fd00::1/128 dev lo nodad",
                        "ip addr add fd00::2/128 dev lo nodad")) {
            var _ = namespace.call(() -> TestNetwork.run(command.split(" ")));
        }
        try (Nftables nftables = Nftables.open(namespace)) {
            nftables.apply(
                    """
                    add table inet t
                    add chain inet t out { type nat hook output priority -110; }
                    add rule inet t out ip daddr 198.18.0.1 tcp dport 80 tcp flags & (syn | ack) == syn ct mark set 0x5a000000 dnat ip to 198.18.0.2:8080
                    add rule inet t out ip6 daddr fd00::1 tcp dport 80 tcp flags & (syn | ack) == syn ct mark set 0x5a000000 dnat ip6 to [fd00::2]:8080
                    """);
        }
        conntrack = namespace.call(Conntrack::open);
    }

    @AfterEach
    void close() {
        conntrack.close();
        namespace.close();
    }

    private SocketChannel connect(String address, int port) throws Exception {
        InetSocketAddress published = new InetSocketAddress(InetAddress.getByName(address), port);
        return namespace.call(() -> SocketChannel.open(published));
    }

    private ServerSocketChannel listen(String address) throws Exception {
        InetSocketAddress local = new InetSocketAddress(InetAddress.getByName(address), 8080);
        return namespace.call(() -> ServerSocketChannel.open().bind(local));
    }

    @ParameterizedTest
    @CsvSource({"198.18.0.1, 198.18.0.2", "fd00::1, fd00::2"})
    void the_flows_of_an_endpoint_are_deleted_and_their_clients_are_reset(
            String published, String endpoint) throws Exception {
        InetAddress address = InetAddress.getByName(endpoint);
        try (ServerSocketChannel server = listen(endpoint);
                SocketChannel first = connect(published, 80);
                SocketChannel second = connect(published, 80);
                SocketChannel direct = connect(endpoint, 8080)) {
            assertTrue(server.isOpen());
            InetSocketAddress source = new InetSocketAddress(address, 8080);
            InetSocketAddress other = new InetSocketAddress(address, 8081);
            InetSocketAddress caller = new InetSocketAddress(InetAddress.getByName(published), 80);
            assertEquals(0, conntrack.deleteRepliesFrom(Set.of(), TCP));
            assertEquals(0, conntrack.deleteRepliesFrom(Set.of(other, caller), TCP));
            assertEquals(0, conntrack.deleteRepliesFrom(Set.of(source), 17));
            assertEquals(2, conntrack.flows(MARK, MASK).size());

            assertEquals(3, conntrack.deleteRepliesFrom(Set.of(source, other, caller), TCP));

            assertEquals(0, conntrack.deleteRepliesFrom(Set.of(source), TCP));
            assertEquals(List.of(), conntrack.flows(MARK, MASK));
            assertThrows(SocketException.class, () -> exchange(first));
            assertThrows(SocketException.class, () -> exchange(second));
            assertEquals(1, direct.write(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void flows_that_have_ended_are_deleted_apart() throws Exception {
        InetSocketAddress source = new InetSocketAddress("198.18.0.2", 8080);
        try (ServerSocketChannel server = listen("198.18.0.2");
                SocketChannel client = connect("198.18.0.1", 80)) {
            try (SocketChannel accepted = server.accept()) {
                accepted.shutdownOutput();
                assertEquals(-1, client.read(ByteBuffer.allocate(1)));
                client.shutdownOutput();
                assertEquals(-1, accepted.read(ByteBuffer.allocate(1)));
            }

            assertEquals(0, conntrack.deleteRepliesFrom(Set.of(source), TCP));

            assertEquals(1, conntrack.flows(MARK, MASK).size());

            assertEquals(1, conntrack.deleteEndedRepliesFrom(Set.of(source), TCP));

            assertEquals(0, conntrack.flows(MARK, MASK).size());
        }
    }

    /// Sends, and waits for what comes back: nothing ever would, but for the reset.
    private static void exchange(SocketChannel channel) throws IOException {
        channel.socket().setSoTimeout(10_000);
        channel.socket().getOutputStream().write(0);
        var _ = channel.socket().getInputStream().read();
    }

    @Test
    void a_flow_is_told_in_both_directions_and_filtered_by_its_mark() throws Exception {
        try (ServerSocketChannel _ = listen("198.18.0.2");
                SocketChannel client = connect("198.18.0.1", 80)) {
            InetSocketAddress local = (InetSocketAddress) client.getLocalAddress();

            Flow flow = conntrack.flows(MARK, MASK).getFirst();

            assertEquals(TCP, flow.protocol());
            assertEquals(MARK, flow.mark());
            assertEquals(
                    new Flow.Tuple(local, new InetSocketAddress("198.18.0.1", 80)),
                    flow.original());
            assertEquals(
                    new Flow.Tuple(new InetSocketAddress("198.18.0.2", 8080), local), flow.reply());
            assertEquals(List.of(flow), conntrack.flows(0, 0));
            assertEquals(List.of(), conntrack.flows(0x5b000000, MASK));
            assertEquals(List.of(), conntrack.flows(0, MASK));
        }
    }
}
