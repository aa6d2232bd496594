package dev.sameport.plane.reuseport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.BpfFileSystem;
import dev.sameport.linux.BpfLink;
import dev.sameport.linux.BpfProgram.Kind;
import dev.sameport.linux.ControlGroups;
import dev.sameport.linux.NetworkNamespace;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With the machine's own kernel: the program is attached to the real hook, and touches only the
/// namespaces that the test made.
final class SharedBindTest {
    private final NetworkNamespace sandbox = NetworkNamespace.createAnonymous();
    private final Path cgroup = ControlGroups.root().orElseThrow();
    @TempDir Path folder;

    @BeforeEach
    void mount() {
        assertTrue(BpfFileSystem.mount(folder));
    }

    @AfterEach
    void unmount() {
        sandbox.close();
        SharedBind.remove(folder);
        BpfFileSystem.unmount(folder);
    }

    private static ServerSocketChannel listen(NetworkNamespace where, String address, int port) {
        try {
            return where.call(() -> bound(address, port));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static ServerSocketChannel bound(String address, int port) throws Exception {
        InetAddress ip = InetAddress.ofLiteral(address);
        ServerSocketChannel server =
                ServerSocketChannel.open(
                        ip.getAddress().length == 4
                                ? StandardProtocolFamily.INET
                                : StandardProtocolFamily.INET6);
        try {
            return server.bind(new InetSocketAddress(ip, port));
        } catch (BindException e) {
            server.close();
            throw e;
        }
    }

    private static boolean refused(NetworkNamespace where, String address, int port) {
        AssertionError refusal =
                assertThrows(
                        AssertionError.class,
                        () -> listen(where, address, port).close(),
                        address + " " + port);
        return refusal.getCause() instanceof BindException;
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void unmodified_servers_share_a_port_that_they_were_refused(String address) throws Exception {
        try (ServerSocketChannel _ = listen(sandbox, address, 8080)) {
            assertTrue(refused(sandbox, address, 8080));
        }
        try (SharedBind bind = SharedBind.open(cgroup, folder)) {
            bind.share(sandbox, 8080);
            try (ServerSocketChannel first = listen(sandbox, address, 8080);
                    ServerSocketChannel second = listen(sandbox, address, 8080);
                    ServerSocketChannel third = listen(sandbox, address, 8080)) {
                assertTrue(first.isOpen() && second.isOpen() && third.isOpen());
                assertEquals(Optional.of(3L), bind.switched(sandbox.cookie(), 8080));
            }
        }
    }

    @Test
    void other_ports_and_other_namespaces_stay_as_they_are() throws Exception {
        try (SharedBind bind = SharedBind.open(cgroup, folder);
                NetworkNamespace other = NetworkNamespace.createAnonymous()) {
            bind.share(sandbox, 8080);
            try (ServerSocketChannel _ = listen(sandbox, "0.0.0.0", 8081);
                    ServerSocketChannel _ = listen(other, "0.0.0.0", 8080)) {
                assertTrue(refused(sandbox, "0.0.0.0", 8081));
                assertTrue(refused(other, "0.0.0.0", 8080));
            }
        }
    }

    @Test
    void a_port_that_is_shared_no_more_is_refused_again() throws Exception {
        try (SharedBind bind = SharedBind.open(cgroup, folder)) {
            bind.share(sandbox, 8080);
            bind.unshare(sandbox.cookie(), 8080);
            try (ServerSocketChannel _ = listen(sandbox, "0.0.0.0", 8080)) {
                assertTrue(refused(sandbox, "0.0.0.0", 8080));
            }
            assertEquals(Optional.empty(), bind.switched(sandbox.cookie(), 8080));
        }
    }

    @Test
    void only_the_admitted_share_where_that_is_asked_for() throws Exception {
        long own = ControlGroups.idOf(ownCgroup());
        try (SharedBind bind = SharedBind.open(cgroup, folder)) {
            bind.shareAmongAdmitted(sandbox, 8080);
            try (ServerSocketChannel _ = listen(sandbox, "0.0.0.0", 8080)) {
                assertTrue(refused(sandbox, "0.0.0.0", 8080));
            }
            bind.admit(own);
            try (ServerSocketChannel first = listen(sandbox, "0.0.0.0", 8080);
                    ServerSocketChannel second = listen(sandbox, "0.0.0.0", 8080)) {
                assertTrue(first.isOpen() && second.isOpen());
            }
            bind.dismiss(own);
            try (ServerSocketChannel _ = listen(sandbox, "0.0.0.0", 8080)) {
                assertTrue(refused(sandbox, "0.0.0.0", 8080));
            }
        }
    }

    private Path ownCgroup() {
        String path = ControlGroups.pathOf((int) ProcessHandle.current().pid()).orElseThrow();
        return cgroup.resolve(path.substring(1));
    }

    @Test
    void what_is_pinned_outlives_its_maker_and_is_found_again() throws Exception {
        List<Integer> attached;
        try (SharedBind bind = SharedBind.open(cgroup, folder)) {
            bind.share(sandbox, 8080);
            attached = bind.programs();
        }
        try (ServerSocketChannel _ = listen(sandbox, "0.0.0.0", 8080);
                ServerSocketChannel _ = listen(sandbox, "0.0.0.0", 8080);
                SharedBind again = SharedBind.open(cgroup, folder)) {
            assertEquals(Optional.of(2L), again.switched(sandbox.cookie(), 8080));
            assertEquals(attached, again.programs());
            assertTrue(hook().contains(attached.getFirst()));
        }
    }

    @Test
    void what_a_crash_left_half_made_is_begun_again() throws Exception {
        int half = open();
        Files.delete(folder.resolve("bind6"));

        int whole = open();

        assertTrue(Files.exists(folder.resolve("bind6")));
        assertTrue(hook().contains(whole));
        assertFalse(hook().contains(half));
    }

    /// The program's id. Others may come and go at the hook meanwhile.
    private int open() {
        try (SharedBind bind = SharedBind.open(cgroup, folder)) {
            return bind.programs().getFirst();
        }
    }

    private List<Integer> hook() {
        return BpfLink.attached(cgroup, Kind.BIND_IPV4);
    }

    @Test
    void removed_it_is_gone_from_the_hook() {
        int program = open();

        SharedBind.remove(folder);

        assertFalse(hook().contains(program));
        assertFalse(Files.exists(folder.resolve("ports")));
    }
}
