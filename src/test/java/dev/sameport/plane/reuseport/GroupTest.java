package dev.sameport.plane.reuseport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.BorrowedSocket;
import dev.sameport.linux.BpfFileSystem;
import dev.sameport.linux.ListeningSocket;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.SocketDiagnostics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With real sockets in a network namespace of the test's own.
final class GroupTest {
    private static final int CONNECTIONS = 1_000;
    private static final InetSocketAddress PORT =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 8080);
    private static final int SELF = (int) ProcessHandle.current().pid();

    private final NetworkNamespace sandbox = NetworkNamespace.createAnonymous();
    private final List<ServerSocketChannel> servers = new ArrayList<>();
    private final Set<Long> known = new HashSet<>();
    @TempDir Path mount;
    private Path folder;

    @BeforeEach
    void begin() throws Exception {
        assertTrue(BpfFileSystem.mount(mount));
        folder = mount.resolve("group");
        sandbox.call(() -> new ProcessBuilder("ip", "link", "set", "lo", "up").start().waitFor());
    }

    @AfterEach
    void end() throws Exception {
        for (ServerSocketChannel server : servers) {
            server.close();
        }
        sandbox.close();
        Group.remove(folder);
        BpfFileSystem.unmount(mount);
    }

    /// Listens once more; its inode.
    private long listen() throws Exception {
        return sandbox.call(() -> {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET);
            server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            server.configureBlocking(false);
            servers.add(server.bind(PORT, CONNECTIONS));
            try (SocketDiagnostics sockets = SocketDiagnostics.open()) {
                long inode =
                        sockets.listeningOn(PORT.getPort()).stream()
                                .mapToLong(ListeningSocket::inode)
                                .filter(known::add)
                                .findFirst()
                                .orElseThrow();
                return inode;
            }
        });
    }

    private void join(Group group, int member) throws Exception {
        try (BorrowedSocket socket = BorrowedSocket.of(SELF, listen()).orElseThrow()) {
            assertTrue(socket.sharesPort());
            group.join(member, socket);
        }
    }

    private void connect(int count) throws Exception {
        sandbox.call(() -> {
            for (int i = 0; i < count; i++) {
                SocketChannel client = SocketChannel.open(PORT);
                client.setOption(StandardSocketOptions.SO_LINGER, 0);
                client.close();
            }
            return 0;
        });
    }

    /// How many connections wait at a server; they are taken.
    private static int accepted(ServerSocketChannel server) throws Exception {
        int count = 0;
        for (SocketChannel taken = server.accept(); taken != null; taken = server.accept()) {
            taken.close();
            count++;
        }
        return count;
    }

    @Test
    void connections_follow_the_weights_and_are_counted() throws Exception {
        try (Group group = Group.create(folder, 8)) {
            for (int member = 0; member < 3; member++) {
                join(group, member);
            }
            group.weigh(new int[] {80, 20, 0});

            connect(CONNECTIONS);

            assertEquals(800, accepted(servers.get(0)), 60);
            assertEquals(200, accepted(servers.get(1)), 60);
            assertEquals(0, accepted(servers.get(2)));
            assertEquals(CONNECTIONS, group.hits(0) + group.hits(1));
            assertEquals(0, group.hits(2));
        }
    }

    @Test
    void a_drained_member_gets_nothing_while_its_socket_is_still_open() throws Exception {
        try (Group group = Group.create(folder, 8)) {
            join(group, 0);
            join(group, 1);
            group.weigh(new int[] {1, 0});

            connect(200);

            assertEquals(200, accepted(servers.get(0)));
            assertEquals(0, accepted(servers.get(1)));
        }
    }

    @Test
    void a_member_that_closed_its_socket_leaves_its_slots_to_the_others() throws Exception {
        try (Group group = Group.create(folder, 8)) {
            join(group, 0);
            join(group, 1);
            group.weigh(new int[] {1, 1});
            servers.get(1).close();

            connect(200);

            assertEquals(200, accepted(servers.get(0)));
        }
    }

    @Test
    void shares_and_counts_outlive_who_set_them() throws Exception {
        try (Group group = Group.create(folder, 8)) {
            join(group, 0);
            join(group, 1);
            group.weigh(new int[] {1, 0});
        }
        connect(100);
        assertTrue(Group.isPinnedAt(folder));
        try (Group again = Group.pinnedAt(folder, 8)) {
            assertEquals(100, again.hits(0));
            again.weigh(new int[] {0, 1});
            connect(100);
        }
        assertEquals(100, accepted(servers.get(0)));
        assertEquals(100, accepted(servers.get(1)));
    }

    @Test
    void a_socket_that_is_closed_or_of_a_dead_process_can_not_be_borrowed() throws Exception {
        long inode = listen();
        servers.getFirst().close();
        assertTrue(BorrowedSocket.of(SELF, inode).isEmpty());
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        assertTrue(BorrowedSocket.of((int) gone.pid(), inode).isEmpty());
    }
}
