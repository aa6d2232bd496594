package dev.sameport.plane.nat;

import static dev.sameport.plane.nat.Examples.ANY;
import static dev.sameport.plane.nat.Examples.desired;
import static dev.sameport.plane.nat.Examples.serve;
import static dev.sameport.plane.nat.Examples.tcp;
import static dev.sameport.plane.nat.Lab.HOST_IPV4;
import static dev.sameport.plane.nat.Lab.HOST_IPV6;
import static dev.sameport.plane.nat.Lab.endpoint;
import static dev.sameport.plane.nat.Lab.whoAnswers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.Sysctl;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Family;
import dev.sameport.model.PublishedPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TrialsTest {
    private static final PublishedPort PUBLISHED = tcp(ANY, Lab.PORT);
    private static final Endpoint ONE = endpoint(1, 1);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final TrialResult WORKS = new TrialResult(Set.of(Family.IPV4, Family.IPV6), "");

    private final Lab lab;
    private final NatPlane plane;

    TrialsTest() throws IOException {
        lab = new Lab();
        plane = lab.plane(NatOptions.DEFAULT);
    }

    @AfterEach
    void vanish() throws IOException {
        plane.close();
        lab.close();
    }

    @Test
    void a_trial_reaches_an_endpoint_that_is_not_published_and_leaves_no_trace() {
        assertEquals(
                TrialResult.fails("the rules are not loaded yet"), plane.trial(ONE.spec(), LONG));
        plane.apply(Desired.NOTHING);

        assertEquals(WORKS, plane.trial(ONE.spec(), LONG));

        assertNull(plane.tryEndpoint(ONE.spec(), LONG));
        assertFalse(plane.repair());
    }

    @Test
    void a_closed_port_and_a_firewall_are_told_apart() {
        plane.apply(Desired.NOTHING);
        assertEquals(
                TrialResult.fails("IPv4: Connection refused; IPv6: Connection refused"),
                plane.trial(endpoint(1, 1, 8081).spec(), LONG));

        lab.nft(
                """
                table inet test {
                \tchain forward {
                \t\ttype filter hook forward priority 0; policy drop;
                \t}
                }
                """);
        String dropped = "no answer within 100 ms; a firewall may drop it";
        assertEquals(
                "IPv4: " + dropped + "; IPv6: " + dropped, plane.tryEndpoint(ONE.spec(), SHORT));

        lab.nft("add rule inet test forward ct mark & 0xff000000 == 0x5a000000 accept");
        assertEquals(WORKS, plane.trial(ONE.spec(), LONG));
    }

    @Test
    void a_family_that_does_not_work_is_left_to_the_listener() throws IOException {
        plane.apply(desired(serve(PUBLISHED, Examples.untried(ONE))));
        lab.nft(
                """
                table ip6 test {
                \tchain forward {
                \t\ttype filter hook forward priority 0; policy drop;
                \t}
                }
                """);
        TrialResult result = plane.trial(ONE.spec(), SHORT);
        assertEquals(Set.of(Family.IPV4), result.families());
        assertTrue(result.reason().startsWith("IPv6: no answer"), result.reason());

        plane.apply(desired(serve(PUBLISHED, ONE)));
        assertEquals("web-1", whoAnswers(lab.client, HOST_IPV4));
        assertEquals("listener", whoAnswers(lab.client, HOST_IPV6));

        lab.nft("delete table ip6 test");
        assertEquals(WORKS, plane.trial(ONE.spec(), LONG));
        plane.apply(desired(serve(PUBLISHED, ONE)));
        assertEquals("web-1", whoAnswers(lab.client, HOST_IPV6));
    }

    @Test
    void a_forgotten_endpoint_counts_as_untried() throws IOException {
        plane.apply(Desired.NOTHING);
        var _ = plane.trial(endpoint(1, 1, 8081).spec(), LONG);
        plane.forget(endpoint(1, 1, 8081).id());
        assertEquals(
                "Declined[reason=endpoint web-1 (198.18.1.11:8081+[fd00:1:0:0:0:0:0:11]) is not"
                        + " seen to work through nat: not tried yet]",
                String.valueOf(
                        plane.apply(
                                        desired(
                                                serve(
                                                        PUBLISHED,
                                                        Examples.untried(endpoint(1, 1, 8081)))))
                                .get(PUBLISHED)));
    }

    @Test
    void the_trial_interface_is_made_anew_where_someone_deleted_it_or_its_address() {
        plane.apply(Desired.NOTHING);
        assertEquals(WORKS, plane.trial(ONE.spec(), LONG));
        String _ = Lab.run(lab.host, "ip link delete sameport-try");
        assertEquals(WORKS, plane.trial(ONE.spec(), LONG));
        String _ = Lab.run(lab.host, "ip addr flush dev sameport-try");
        assertEquals(WORKS, plane.trial(ONE.spec(), SHORT));
    }

    @Test
    void a_second_daemon_takes_the_interface_over_and_the_first_takes_it_back() {
        plane.apply(Desired.NOTHING);
        assertEquals(WORKS, plane.trial(ONE.spec(), LONG));
        try (NatPlane second = lab.plane(NatOptions.DEFAULT)) {
            second.apply(Desired.NOTHING);
            assertEquals(WORKS, second.trial(ONE.spec(), LONG));
            assertEquals(WORKS, plane.trial(ONE.spec(), LONG));
        }
    }

    @Test
    void a_deleted_table_fails_the_trial_with_the_reason_and_a_repair_mends_it() {
        plane.apply(Desired.NOTHING);
        lab.nft("delete table inet sameport");
        TrialResult result = plane.trial(ONE.spec(), LONG);
        assertFalse(result.works());
        assertTrue(result.reason().startsWith("nft refused the trial: "), result.reason());
        assertTrue(plane.repair());
        assertEquals(WORKS, plane.trial(ONE.spec(), LONG));
    }

    @Test
    void a_host_without_ipv6_is_told() throws IOException {
        lab.host.call(() -> {
            Sysctl.write("net.ipv6.conf.all.disable_ipv6", "1");
            Sysctl.write("net.ipv6.conf.default.disable_ipv6", "1");
            return lab;
        });
        plane.apply(Desired.NOTHING);
        TrialResult result = plane.trial(ONE.spec(), LONG);
        assertEquals(Set.of(Family.IPV4), result.families());
        assertTrue(
                result.reason().startsWith("IPv6: this host refuses IPv6 addresses: "),
                result.reason());
    }

    @Test
    void many_callers_are_served_one_after_the_other_while_rules_change() throws Exception {
        plane.apply(Desired.NOTHING);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<TrialResult>> results = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Endpoint endpoint = endpoint(1 + i % 3, 1);
                results.add(callers.submit(() -> plane.trial(endpoint.spec(), LONG)));
            }
            for (int i = 0; i < 20; i++) {
                lab.nft("flush chain inet sameport refuse");
                assertTrue(plane.repair());
                plane.apply(desired(serve(PUBLISHED, endpoint(1 + i % 3, 1))));
            }
            for (Future<TrialResult> result : results) {
                assertEquals(WORKS, result.get());
            }
        }
    }
}
