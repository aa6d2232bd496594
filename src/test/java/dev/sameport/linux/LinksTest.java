package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LinksTest {
    private static final String REUSED = "198.18.0.2";

    private final TestNetwork network = new TestNetwork();
    private final String host = network.add();
    private final String container = network.add();
    private final List<Process> processes = new ArrayList<>();
    private Links links;

    @BeforeEach
    void plug_a_container_into_a_bridge() {
        network.ip(host, "link add br-own type bridge");
        network.ip(host, "link set br-own up");
        plug(host, "br-own", "port-own", container, "eth0");
        network.ip(container, "addr add " + REUSED + "/24 dev eth0");
        network.ip(container, "addr add fd00:1::2/64 dev eth0 nodad");
        try (NetworkNamespace namespace = TestNetwork.open(host)) {
            links = namespace.call(Links::open);
        }
    }

    @AfterEach
    void remove() throws Exception {
        links.close();
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        network.close();
    }

    private void plug(String outside, String bridge, String port, String inside, String name) {
        network.ip(
                outside, "link add " + port + " type veth peer name " + name + " netns " + inside);
        network.ip(outside, "link set " + port + " master " + bridge + " up");
        network.ip(inside, "link set " + name + " up");
    }

    private int processIn(String name) throws Exception {
        try (NetworkNamespace namespace = TestNetwork.open(name)) {
            Process process = TestNetwork.start(namespace, "sleep", "60");
            processes.add(process);
            return (int) process.pid();
        }
    }

    private Optional<String> bridgeOf(int pid, String address) throws Exception {
        return links.bridgeOf(pid, InetAddress.getByName(address)).map(BridgePort::bridgeName);
    }

    @Test
    void a_container_on_a_bridge_of_ours_is_found_with_its_port() throws Exception {
        int pid = processIn(container);

        BridgePort port = links.bridgeOf(pid, InetAddress.getByName(REUSED)).orElseThrow();

        assertEquals("br-own", port.bridgeName());
        assertEquals("port-own", port.portName());
        assertEquals(linkNamed("br-own").index(), port.bridgeIndex());
        assertEquals(linkNamed("port-own").index(), port.portIndex());
        assertEquals(Optional.of("br-own"), bridgeOf(pid, "fd00:1::2"));
        assertEquals(Optional.empty(), bridgeOf(pid, "198.18.0.3"));
    }

    @Test
    void a_reused_address_behind_a_foreign_bridge_is_not_taken_for_ours() throws Exception {
        String foreignHost = network.add();
        String twin = network.add();
        network.ip(foreignHost, "link add br-own type bridge");
        plug(foreignHost, "br-own", "port-own", twin, "eth0");
        network.ip(twin, "addr add " + REUSED + "/24 dev eth0");
        int pid = processIn(twin);

        assertEquals(Optional.empty(), bridgeOf(pid, REUSED));

        plug(host, "br-own", "port-two", twin, "eth1");
        network.ip(twin, "addr add 198.18.9.9/24 dev eth1");
        assertEquals(Optional.empty(), bridgeOf(pid, REUSED), "only its other interface is ours");
        assertEquals(Optional.of("br-own"), bridgeOf(pid, "198.18.9.9"));
    }

    @Test
    void interfaces_without_a_bridge_have_none() throws Exception {
        String other = network.add();
        network.ip(host, "link add plain type veth peer name eth0 netns " + other);
        network.ip(host, "link set plain up");
        network.ip(other, "link set eth0 up");
        network.ip(other, "addr add 198.18.1.2/24 dev eth0");
        network.ip(host, "link add mac0 link br-own type macvlan mode bridge");
        network.ip(host, "link set mac0 netns " + other);
        network.ip(other, "addr add 198.18.1.3/24 dev mac0");
        int pid = processIn(other);

        assertEquals(Optional.empty(), bridgeOf(pid, "198.18.1.2"));
        assertEquals(Optional.empty(), bridgeOf(pid, "198.18.1.3"));
    }

    @Test
    void a_process_of_our_own_namespace_is_on_no_bridge() throws Exception {
        network.ip(host, "addr add 198.18.2.1/24 dev br-own");
        int pid = processIn(host);

        assertTrue(links.sharesOurNamespace(pid));
        assertFalse(links.sharesOurNamespace(processIn(container)));
        assertEquals(Optional.empty(), bridgeOf(pid, "198.18.2.1"));
    }

    @Test
    void links_tell_kind_master_and_peer() throws Exception {
        Link port = linkNamed("port-own");
        Link bridge = linkNamed("br-own");
        OptionalInt id = links.namespaceId(processIn(container));

        assertEquals("veth", port.kind());
        assertEquals("bridge", bridge.kind());
        assertEquals(bridge.index(), port.master());
        assertEquals(OptionalInt.of(port.peerNamespaceId()), id);
        assertEquals("", linkNamed("lo").kind());
        assertTrue(linkNamed("lo").up());
        assertTrue(
                links.addresses(id.orElseThrow()).stream()
                        .anyMatch(address ->
                                address.interfaceIndex() == port.peerIndex()
                                        && address.address().getHostAddress().equals(REUSED)
                                        && address.prefixLength() == 24));
        assertTrue(
                links.addresses().stream()
                        .noneMatch(address -> address.address().getHostAddress().equals(REUSED)));
    }

    @Test
    void an_unrelated_namespace_and_an_ended_process_have_no_number() throws Exception {
        int unrelated = processIn(network.add());
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();

        assertEquals(OptionalInt.empty(), links.namespaceId(unrelated));
        assertEquals(OptionalInt.empty(), links.namespaceId((int) ended.pid()));
        assertEquals("EINVAL", refusalOf(() -> links.addresses(4711)));
        assertEquals("ENOENT", refusalOf(() -> links.sharesOurNamespace((int) ended.pid())));
    }

    private static String refusalOf(Runnable work) {
        return assertThrows(LinuxException.class, work::run).errorName();
    }

    @Test
    void default_routes_are_told_with_gateway_metric_and_every_next_hop() throws Exception {
        network.ip(host, "addr add 198.18.3.1/24 dev br-own");
        network.ip(host, "addr add fd00:3::1/64 dev br-own nodad");
        network.ip(host, "route add default via 198.18.3.9 metric 50");
        network.ip(host, "route add 198.18.7.0/24 via 198.18.3.9");
        network.ip(host, "-6 route add default via fd00:3::9 metric 60");
        network.ip(
                host, "route add default metric 70 nexthop via 198.18.3.7 nexthop via 198.18.3.8");
        int bridge = linkNamed("br-own").index();

        assertEquals(
                List.of(
                        new Route(InetAddress.getByName("198.18.3.9"), bridge, 50, 254, false),
                        new Route(InetAddress.getByName("198.18.3.7"), bridge, 70, 254, false),
                        new Route(InetAddress.getByName("198.18.3.8"), bridge, 70, 254, false),
                        new Route(InetAddress.getByName("fd00:3::9"), bridge, 60, 254, false)),
                links.defaultRoutes());
    }

    @Test
    void many_links_are_all_listed() {
        for (int i = 0; i < 150; i++) {
            network.ip(host, "link add many" + i + " type bridge");
        }

        assertEquals(
                150, links.links().stream().filter(link -> link.name().startsWith("many")).count());
    }

    @Test
    void a_monitor_is_poked_by_links_and_addresses_until_it_is_closed() throws Exception {
        Semaphore pokes = new Semaphore(0);
        LinkMonitor monitor;
        try (NetworkNamespace namespace = TestNetwork.open(host)) {
            monitor = namespace.call(() -> LinkMonitor.open(pokes::release));
        }
        network.ip(host, "link add extra type bridge");
        assertTrue(pokes.tryAcquire(10, TimeUnit.SECONDS));
        pokes.drainPermits();
        network.ip(host, "addr add 198.18.4.1/24 dev extra");
        assertTrue(pokes.tryAcquire(10, TimeUnit.SECONDS));
        monitor.close();
        pokes.drainPermits();
        network.ip(host, "link delete extra");
        assertEquals(0, pokes.availablePermits());
    }

    private Link linkNamed(String name) {
        return links.links().stream()
                .filter(link -> link.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
