package dev.sameport.plane.nat;

import static dev.sameport.plane.nat.Examples.ANY;
import static dev.sameport.plane.nat.Examples.at;
import static dev.sameport.plane.nat.Examples.desired;
import static dev.sameport.plane.nat.Examples.hold;
import static dev.sameport.plane.nat.Examples.in;
import static dev.sameport.plane.nat.Examples.refuse;
import static dev.sameport.plane.nat.Examples.serve;
import static dev.sameport.plane.nat.Examples.tcp;
import static dev.sameport.plane.nat.Lab.HOST_IPV4;
import static dev.sameport.plane.nat.Lab.HOST_IPV6;
import static dev.sameport.plane.nat.Lab.endpoint;
import static dev.sameport.plane.nat.Lab.whoAnswers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.NftablesException;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServicePort;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.PortOutcome.Carried;
import dev.sameport.plane.nat.Lab.Conversation;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real connections through real rules, in namespaces of the test's own.
final class NatPlaneTest {
    /// Chi-square for two degrees of freedom at p = 0.001.
    private static final double CHI_SQUARE = 13.816;

    private static final PublishedPort PUBLISHED = tcp(ANY, Lab.PORT);
    private static final Endpoint ONE = endpoint(1, 1);
    private static final Endpoint TWO = endpoint(2, 1);
    private static final Endpoint THREE = endpoint(3, 1);
    private static final Set<String> ALL = Set.of("web-1", "web-2", "web-3");

    private final Lab lab;
    private final NatPlane plane;

    NatPlaneTest() throws IOException {
        lab = new Lab();
        plane = lab.plane(NatOptions.DEFAULT);
    }

    @AfterEach
    void vanish() throws IOException {
        plane.close();
        lab.close();
    }

    private static Desired serving(Endpoint... endpoints) {
        return desired(serve(PUBLISHED, endpoints));
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST_IPV4, HOST_IPV6})
    void an_external_client_reaches_all_alike_with_its_own_address(String address)
            throws IOException {
        assertEquals("listener", whoAnswers(lab.client, address));

        assertEquals(Map.of(PUBLISHED, new Carried()), plane.apply(serving(ONE, TWO, THREE)));

        Map<String, Integer> answers = Lab.answers(lab.client, address, 1500);
        assertEquals(ALL, answers.keySet());
        double chiSquare =
                answers.values().stream().mapToDouble(n -> (n - 500) * (n - 500) / 500.0).sum();
        assertTrue(chiSquare < CHI_SQUARE, answers.toString());
        try (Conversation seen = Lab.connect(lab.client, address, Lab.PORT)) {
            String client = address.equals(HOST_IPV4) ? "198.18.2.2" : "fd00:2:0:0:0:0:0:2";
            assertEquals(client, seen.seenAs());
        }
    }

    @Test
    void weights_divide_and_weight_0_takes_nothing() throws IOException {
        plane.apply(serving(endpoint(1, 3), endpoint(2, 1), endpoint(3, 0)));

        Map<String, Integer> answers = Lab.answers(lab.client, HOST_IPV4, 1000);

        assertEquals(Set.of("web-1", "web-2"), answers.keySet());
        // 3.29 standard deviations of a binomial distribution: p = 0.001.
        assertEquals(750, answers.get("web-1"), 3.29 * Math.sqrt(1000 * 0.75 * 0.25));
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST_IPV4, HOST_IPV6, "198.18.1.1", "fd00:1::1"})
    void the_hosts_own_processes_reach_endpoints_by_its_addresses(String address)
            throws IOException {
        plane.apply(serving(ONE));
        assertEquals("web-1", whoAnswers(lab.host, address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.1", "::1"})
    void loopback_is_the_listeners(String address) throws IOException {
        plane.apply(serving(ONE));
        assertEquals("listener", whoAnswers(lab.host, address));
    }

    @Test
    void sockets_with_our_mark_pass() throws IOException {
        plane.apply(serving(ONE));
        // In place of the socket's own mark: a routing chain before ours sets it.
        lab.nft(
                """
                table inet test {
                \tchain output {
                \t\ttype route hook output priority -150;
                \t\tmeta mark set 0x5a000001
                \t}
                }
                """);
        assertEquals("listener", whoAnswers(lab.host, HOST_IPV4));
        assertEquals("listener", whoAnswers(lab.host, HOST_IPV6));
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST_IPV4, HOST_IPV6, "198.18.1.1", "fd00:1::1"})
    void callers_on_an_endpoints_bridge_are_the_listeners(String address) throws IOException {
        plane.apply(serving(ONE, TWO));
        assertEquals("listener", whoAnswers(lab.endpoints.get(0), address));
        assertEquals("listener", whoAnswers(lab.endpoints.get(2), address));
    }

    @Test
    void only_the_published_address_and_family_are_dispatched() throws IOException {
        plane.apply(desired(serve(tcp(at("198.18.1.1"), Lab.PORT), ONE)));
        assertEquals("listener", whoAnswers(lab.client, HOST_IPV4));
        assertEquals("web-1", whoAnswers(lab.client, "198.18.1.1"));

        plane.apply(desired(serve(tcp(Examples.IPV6, Lab.PORT), ONE)));
        assertEquals("listener", whoAnswers(lab.client, HOST_IPV4));
        assertEquals("web-1", whoAnswers(lab.client, HOST_IPV6));

        plane.apply(desired(serve(tcp(Examples.IPV4, Lab.PORT), ONE)));
        assertEquals("web-1", whoAnswers(lab.client, HOST_IPV4));
        assertEquals("listener", whoAnswers(lab.client, HOST_IPV6));
    }

    @Test
    void rules_that_appear_never_seize_what_the_listener_carries() throws IOException {
        try (Conversation four = Lab.connect(lab.client, HOST_IPV4, Lab.PORT);
                Conversation six = Lab.connect(lab.client, HOST_IPV6, Lab.PORT)) {
            plane.apply(serving(ONE));
            assertEquals("still there", four.say("still there"));
            assertEquals("still there", six.say("still there"));
            assertEquals("web-1", whoAnswers(lab.client, HOST_IPV4));
            plane.erase();
            plane.apply(serving(ONE));
            assertEquals("again", four.say("again"));
        }
    }

    @Test
    void a_refused_port_is_reset_at_once_for_every_caller() throws IOException {
        plane.apply(desired(refuse(PUBLISHED)));
        for (String address : List.of(HOST_IPV4, HOST_IPV6)) {
            assertThrows(ConnectException.class, () -> whoAnswers(lab.client, address));
        }
        for (String address : List.of("127.0.0.1", "::1", HOST_IPV4, HOST_IPV6)) {
            assertThrows(ConnectException.class, () -> whoAnswers(lab.host, address));
        }

        plane.apply(desired(hold(PUBLISHED)));
        assertEquals("listener", whoAnswers(lab.client, HOST_IPV4));

        plane.apply(desired(refuse(tcp(at("127.0.0.1"), Lab.PORT))));
        assertThrows(ConnectException.class, () -> whoAnswers(lab.host, "127.0.0.1"));
        assertEquals("listener", whoAnswers(lab.client, HOST_IPV4));
    }

    @Test
    void rules_that_nobody_renews_stop_to_dispatch_and_come_back_when_renewed() throws IOException {
        NatOptions brief = new NatOptions(0x5a000000, 0xff000000, Duration.ofMillis(700), false);
        try (NatPlane shortLived = lab.plane(brief)) {
            ServicePort refused = refuse(tcp(ANY, 81));
            shortLived.apply(desired(serve(PUBLISHED, ONE), refused));
            assertEquals("web-1", whoAnswers(lab.client, HOST_IPV4));
            awaitUntil(() -> whoAnswers(lab.client, HOST_IPV4).equals("listener"));
            assertEquals("listener", whoAnswers(lab.client, HOST_IPV6));
            assertEquals(Set.of(), shortLived.inForce());

            shortLived.renew();
            assertEquals("web-1", whoAnswers(lab.client, HOST_IPV4));
            assertEquals("web-1", whoAnswers(lab.client, HOST_IPV6));
        }
    }

    @Test
    void a_new_daemon_adopts_what_is_there_and_deletes_the_flows_of_who_left() throws IOException {
        assertEquals(Set.of(), plane.inForce());
        assertEquals(Set.of(), plane.adopt());
        plane.apply(serving(ONE));
        try (Conversation old = Lab.connect(lab.client, HOST_IPV4, Lab.PORT)) {
            plane.apply(serving(draining(ONE), TWO, THREE));
            plane.close();
            assertEquals("kept", old.say("kept"));

            try (NatPlane next = lab.plane(NatOptions.DEFAULT)) {
                Set<InetSocketAddress> endpoints = new HashSet<>();
                Stream.of(TWO, THREE).forEach(e -> endpoints.addAll(e.spec().addresses().all()));
                assertEquals(Set.of(new InForce(PUBLISHED, endpoints)), next.inForce());
                assertEquals(endpoints, next.adopt());
                assertEquals("kept", old.say("kept"));

                next.apply(serving(TWO));
                next.awaitFlows();
                assertEquals("web-2", whoAnswers(lab.client, HOST_IPV4));
                assertThrows(SocketException.class, () -> old.say("to a stranger"));
            }
        }
    }

    @Test
    void an_endpoint_that_drains_keeps_its_flows_and_one_that_is_gone_resets_them()
            throws IOException {
        plane.apply(serving(ONE));
        try (Conversation first = Lab.connect(lab.client, HOST_IPV4, Lab.PORT);
                Conversation second = Lab.connect(lab.client, HOST_IPV6, Lab.PORT)) {
            assertEquals("web-1", first.server());
            plane.apply(serving(draining(ONE), TWO));
            assertEquals("web-2", whoAnswers(lab.client, HOST_IPV4));
            assertEquals("draining", first.say("draining"));

            plane.apply(serving(in(Phase.GONE, ONE), TWO));
            plane.awaitFlows();
            assertThrows(SocketException.class, () -> first.say("gone"));
            assertThrows(SocketException.class, () -> second.say("gone"));
        }
    }

    @Test
    void a_table_that_someone_deleted_or_changed_is_repaired_and_nothing_else_is()
            throws IOException {
        assertFalse(plane.repair());
        plane.apply(serving(ONE));
        assertFalse(plane.repair());
        lab.nft("add table inet foreign");
        assertFalse(plane.repair());
        assertEquals("web-1", whoAnswers(lab.client, HOST_IPV4));
        assertFalse(plane.repair());

        for (String change :
                List.of(
                        "delete table inet sameport",
                        "flush ruleset",
                        "flush map inet sameport tcp_80_any_to_ipv4",
                        "flush chain inet sameport dispatch",
                        "delete element inet sameport any_ipv6 { 80 }",
                        "flush set inet sameport alive",
                        "add rule inet sameport output accept",
                        "add element inet sameport refused_any_ipv4 { 80 }")) {
            lab.nft(change);
            assertTrue(plane.repair(), change);
            assertFalse(plane.repair(), change);
            assertEquals("web-1", whoAnswers(lab.client, HOST_IPV4));
            assertEquals("web-1", whoAnswers(lab.client, HOST_IPV6));
        }
    }

    @Test
    void a_change_that_nft_refuses_becomes_a_rewrite() throws IOException {
        plane.apply(serving(ONE));
        lab.nft("delete table inet sameport");
        plane.apply(serving(TWO));
        assertEquals("web-2", whoAnswers(lab.client, HOST_IPV4));

        lab.nft("delete table inet sameport");
        assertThrows(NftablesException.class, plane::renew);
        assertTrue(plane.repair());
        plane.renew();
        assertEquals("web-2", whoAnswers(lab.client, HOST_IPV4));
    }

    @Test
    void changes_under_load_lose_no_connection() throws Exception {
        plane.apply(serving(ONE, TWO, THREE));
        FutureTask<Map<String, Integer>> load =
                new FutureTask<>(() -> Lab.answers(lab.client, HOST_IPV4, 3000));
        Thread.ofPlatform().daemon().start(load);
        List<Desired> states =
                List.of(
                        serving(ONE, draining(TWO), draining(THREE)),
                        serving(draining(ONE), TWO, THREE),
                        desired(
                                serve(PUBLISHED, draining(ONE), draining(TWO), THREE),
                                serve(tcp(ANY, 81), ONE)),
                        serving(ONE, TWO, THREE));
        int flips = 0;
        while (!load.isDone() && flips < 20_000) {
            plane.apply(states.get(flips++ % states.size()));
        }

        Map<String, Integer> answers = load.get();
        assertEquals(ALL, answers.keySet(), "none may fall to the listener either");
        assertTrue(flips > 100, "only " + flips + " changes");
        long counted = plane.connections().values().stream().mapToLong(Long::longValue).sum();
        // What arrives between a count and the change is not seen, and here that is much.
        assertTrue(counted > 0 && counted <= 3000, "counted " + counted);
    }

    @Test
    void new_connections_are_counted_over_changes() throws IOException {
        plane.apply(serving(ONE));
        assertEquals(Set.of("web-1"), Lab.answers(lab.client, HOST_IPV4, 3).keySet());
        assertEquals(Set.of("web-1"), Lab.answers(lab.client, HOST_IPV6, 2).keySet());
        plane.apply(serving(TWO));
        assertEquals(Set.of("web-2"), Lab.answers(lab.client, HOST_IPV4, 4).keySet());
        assertTrue(dropTable());
        assertEquals(Set.of("web-2"), Lab.answers(lab.client, HOST_IPV4, 5).keySet());

        Map<InetSocketAddress, Long> counts = plane.connections();

        assertEquals(3, counts.get(address("198.18.1.11")));
        assertEquals(2, counts.get(address("fd00:1::11")));
        // Four went with the deleted table.
        assertEquals(5, counts.get(address("198.18.1.12")));
    }

    private boolean dropTable() {
        lab.nft("delete table inet sameport");
        return plane.repair();
    }

    private static InetSocketAddress address(String literal) {
        return new InetSocketAddress(InetAddress.ofLiteral(literal), 8080);
    }

    @Test
    void the_mark_is_copied_to_packets_of_both_directions_where_it_was_asked_for()
            throws IOException {
        lab.nft(
                """
                table inet test {
                \tchain forward {
                \t\ttype filter hook forward priority 0; policy accept;
                \t\tmeta mark & 0xff000000 != 0x5a000000 ct status dnat drop
                \t}
                }
                """);
        NatOptions copying = new NatOptions(0x5a000000, 0xff000000, Duration.ofMinutes(1), true);
        try (NatPlane marking = lab.plane(copying)) {
            marking.apply(serving(ONE));
            assertEquals("web-1", whoAnswers(lab.client, HOST_IPV4));
            assertEquals("web-1", whoAnswers(lab.client, HOST_IPV6));
        }
    }

    @Test
    void erasing_leaves_nothing_behind() throws IOException {
        String links = Lab.run(lab.host, "ip -o link");
        plane.erase();
        plane.apply(serving(ONE));
        assertTrue(plane.trial(ONE.spec(), Duration.ofSeconds(5)).works());

        plane.erase();
        plane.close();

        assertEquals("", Lab.run(lab.host, "nft list ruleset"));
        assertEquals(links, Lab.run(lab.host, "ip -o link"));
    }

    @Test
    void what_can_not_be_carried_is_told_and_left_to_the_listener() throws IOException {
        PortOutcome outcome = plane.apply(serving(ONE, Examples.untried(TWO))).get(PUBLISHED);
        assertEquals(
                new PortOutcome.Declined(
                        "endpoint web-2 (198.18.1.12:8080+[fd00:1:0:0:0:0:0:12]) is not seen to"
                                + " work through nat: not tried yet"),
                outcome);
        assertEquals("listener", whoAnswers(lab.client, HOST_IPV4));
    }

    private static Endpoint draining(Endpoint endpoint) {
        return in(Phase.DRAINING, endpoint);
    }

    private static void awaitUntil(Callable<Boolean> condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!holds(condition)) {
            assertTrue(System.nanoTime() < deadline, "not within 20 s");
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    private static boolean holds(Callable<Boolean> condition) {
        try {
            return condition.call();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
