package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class NetworkNamespaceTest {
    @Test
    void sockets_made_inside_belong_to_the_namespace_and_the_caller_stays_outside()
            throws Exception {
        try (NetworkNamespace inside = NetworkNamespace.createAnonymous();
                NetworkNamespace own = NetworkNamespace.own()) {
            var _ = inside.call(() -> TestNetwork.run("ip", "link", "set", "lo", "up"));
            try (ServerSocketChannel server =
                    inside.call(() ->
                            ServerSocketChannel.open()
                                    .bind(
                                            new InetSocketAddress(
                                                    InetAddress.getLoopbackAddress(), 0)))) {
                assertThrows(IOException.class, () -> SocketChannel.open(server.getLocalAddress()));
                inside.call(() -> SocketChannel.open(server.getLocalAddress())).close();
            }
            assertTrue(inside.call(inside::isOwn));
            assertFalse(inside.isOwn());
            assertTrue(own.isOwn());
            assertFalse(own.sameAs(inside));
        }
    }

    @Test
    void what_the_work_throws_comes_out_as_it_is() {
        IOException thrown = new IOException("thrown by the test");
        try (NetworkNamespace own = NetworkNamespace.own()) {
            assertSame(
                    thrown,
                    assertThrows(
                            IOException.class,
                            () ->
                                    own.call(() -> {
                                        throw thrown;
                                    })));
        }
    }

    @Test
    void a_link_moves_into_an_anonymous_namespace_by_its_holder_thread() throws Exception {
        try (TestNetwork network = new TestNetwork();
                NetworkNamespace anonymous = NetworkNamespace.createAnonymous()) {
            String host = network.add();
            network.ip(host, "link add outside type veth peer name inside");
            network.ip(host, "link set inside netns " + anonymous.holderThread().orElseThrow());

            assertEquals(List.of("inside", "lo"), anonymous.call(NetworkNamespaceTest::linkNames));
        }
    }

    private static List<String> linkNames() {
        try (Links links = Links.open()) {
            return links.links().stream().map(Link::name).sorted().toList();
        }
    }

    @Test
    void a_closed_anonymous_namespace_vanishes() throws Exception {
        try (TestNetwork network = new TestNetwork()) {
            String host = network.add();
            NetworkNamespace anonymous = NetworkNamespace.createAnonymous();
            network.ip(host, "link add outside type veth peer name inside");
            network.ip(host, "link set inside netns " + anonymous.holderThread().orElseThrow());
            try (NetworkNamespace namespace = TestNetwork.open(host);
                    Links links = namespace.call(Links::open)) {
                var gone = new CountDownLatch(1);
                try (LinkMonitor _ =
                        namespace.call(() ->
                                LinkMonitor.open(() -> {
                                    if (links.links().size() == 1) {
                                        gone.countDown();
                                    }
                                }))) {
                    anonymous.close();
                    // With the namespace goes its end of the veth, and with that ours.
                    assertTrue(gone.await(20, TimeUnit.SECONDS));
                }
            }
        }
    }

    @Test
    void a_namespace_is_the_same_by_name_by_process_and_by_path() throws Exception {
        try (TestNetwork network = new TestNetwork()) {
            String name = network.add();
            try (NetworkNamespace byName = TestNetwork.open(name)) {
                Process process = TestNetwork.start(byName, "sleep", "60");
                try (NetworkNamespace byProcess = NetworkNamespace.ofProcess((int) process.pid());
                        NetworkNamespace byPath = NetworkNamespace.at(byName.path())) {
                    assertTrue(byName.sameAs(byProcess));
                    assertTrue(byName.sameAs(byPath));
                    assertEquals(
                            "net:[" + byName.inode() + "]",
                            Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/net"))
                                    .toString());
                } finally {
                    process.destroyForcibly().waitFor();
                }
            }
        }
    }

    @Test
    void what_is_no_network_namespace_is_refused() throws Exception {
        assertEquals("EINVAL", refusalOf("/proc/self/ns/mnt"));
        assertEquals("EINVAL", refusalOf("/proc/self/status"));
        assertEquals("ENOENT", refusalOf("/run/netns/sp-that-is-nowhere"));
        assertThrows(IllegalArgumentException.class, () -> NetworkNamespace.ofProcess(-1));
    }

    private static String refusalOf(String path) {
        return assertThrows(LinuxException.class, () -> NetworkNamespace.at(Path.of(path)))
                .errorName();
    }
}
