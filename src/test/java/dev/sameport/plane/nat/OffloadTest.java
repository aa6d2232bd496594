package dev.sameport.plane.nat;

import static dev.sameport.plane.nat.Examples.ANY;
import static dev.sameport.plane.nat.Examples.at;
import static dev.sameport.plane.nat.Examples.endpoint;
import static dev.sameport.plane.nat.Examples.hold;
import static dev.sameport.plane.nat.Examples.in;
import static dev.sameport.plane.nat.Examples.refuse;
import static dev.sameport.plane.nat.Examples.serve;
import static dev.sameport.plane.nat.Examples.service;
import static dev.sameport.plane.nat.Examples.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Family;
import dev.sameport.model.Mode;
import dev.sameport.model.Phase;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.plane.PortOutcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OffloadTest {
    private static final PublishedPort PUBLISHED = tcp(ANY, 80);
    private static final Endpoint READY = endpoint(1, 1, Family.IPV4);

    private static String reason(Mode mode, ServicePort port) {
        return reason(mode, port, Map.of());
    }

    private static String reason(Mode mode, ServicePort port, Map<EndpointId, TrialResult> trials) {
        return switch (Offload.judge(service(mode, port), port, trials)) {
            case PortOutcome.Carried _ -> "";
            case PortOutcome.Declined(String reason) -> reason;
            case PortOutcome.Conflict(var problem) -> throw new AssertionError(problem);
        };
    }

    private static String reasonOf(Reach reach) {
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.ofLiteral("198.18.0.9"), 8080);
        Endpoint endpoint = Examples.endpoint("web-9", EndpointAddresses.of(address), 1, reach);
        return reason(Mode.AUTO, serve(PUBLISHED, READY, endpoint));
    }

    @Test
    void a_port_that_services_share_by_server_name_is_neither_carried_nor_refused_by_rules() {
        ServicePort serving = shared(List.of(READY), Intake.SERVE);
        ServicePort refusing = shared(List.of(), Intake.REFUSE);
        assertEquals(
                "services share it by server name, which the proxy reads",
                reason(Mode.AUTO, serving));
        NatState state =
                NatState.of(
                        Examples.desired(service("one", refusing), service("two", serving)),
                        NatOptions.DEFAULT,
                        Map.of());
        assertEquals(NatState.empty(NatOptions.DEFAULT), state);
    }

    private static ServicePort shared(List<Endpoint> endpoints, Intake intake) {
        return new ServicePort(PUBLISHED, endpoints, intake, false, List.of("a.example"));
    }

    @Test
    void a_sandbox_is_reached_through_nat_as_well_and_only_mode_proxy_is_not_carried() {
        ServicePort port = serve(PUBLISHED, READY);
        assertEquals("", reason(Mode.AUTO, port));
        assertEquals("", reason(Mode.NAT, port));
        assertEquals("sameport.mode is proxy", reason(Mode.PROXY, port));
        assertEquals("", reason(Mode.REUSEPORT, port));
        assertEquals("sameport.mode is proxy", reason(Mode.PROXY, refuse(PUBLISHED)));
    }

    @Test
    void held_and_refused_ports_are_carried() {
        assertEquals("", reason(Mode.AUTO, hold(PUBLISHED)));
        assertEquals("", reason(Mode.AUTO, refuse(PUBLISHED)));
        assertEquals("", reason(Mode.AUTO, refuse(tcp(at("127.0.0.1"), 80))));
    }

    @Test
    void udp_loopback_and_link_local_addresses_are_the_listeners() {
        assertEquals(
                "nat carries only TCP so far",
                reason(Mode.AUTO, serve(new PublishedPort(ANY, 53, Protocol.UDP), READY)));
        for (String address : new String[] {"127.0.0.1", "127.1.2.3", "::1"}) {
            assertEquals(
                    "loopback is served by the listener",
                    reason(Mode.AUTO, serve(tcp(at(address), 80), READY)));
        }
        assertEquals(
                "[fe80:0:0:0:0:0:0:1] is link-local",
                reason(Mode.AUTO, serve(tcp(at("fe80::1"), 80), READY)));
    }

    @Test
    void each_way_to_reach_an_endpoint_but_a_bridge_has_its_reason() {
        String web9 = "endpoint web-9 (198.18.0.9:8080) ";
        assertEquals("", reasonOf(new Reach.OnBridge("br-web")));
        assertEquals(web9 + "shares the host's network", reasonOf(new Reach.OnHost()));
        assertEquals(
                web9 + "is a plain address, not on a bridge of this host",
                reasonOf(new Reach.Plain()));
        assertEquals(
                web9 + "is reached through 127.0.0.1:32768, which its engine published",
                reasonOf(
                        new Reach.ThroughPublished(
                                new InetSocketAddress(
                                        InetAddress.ofLiteral("127.0.0.1"), 32_768))));
        assertEquals(
                web9 + "can't be reached: another namespace",
                reasonOf(new Reach.Unreachable("another namespace")));
    }

    @Test
    void a_bridge_name_that_would_be_a_pattern_or_worse_is_never_written_into_rules() {
        for (String name : new String[] {"br*", "a\"}b", "br web", "", "br-name-too-long"}) {
            assertEquals(
                    "endpoint web-9 (198.18.0.9:8080) is on a bridge whose name can't be written"
                            + " in rules: "
                            + name,
                    reasonOf(new Reach.OnBridge(name)));
        }
    }

    @Test
    void an_endpoint_that_was_not_seen_to_work_is_named_with_what_its_trial_told() {
        Endpoint untried = Examples.untried(READY);
        assertEquals(
                "endpoint web-1 (198.18.0.2:8080) is not seen to work through nat: IPv4: refused",
                reason(
                        Mode.AUTO,
                        serve(PUBLISHED, untried),
                        Map.of(READY.id(), TrialResult.fails("IPv4: refused"))));
        assertEquals(
                "",
                reason(Mode.AUTO, serve(PUBLISHED, READY, in(Phase.DRAINING, untried))),
                "who takes no new connections does not matter");
    }

    @Test
    void without_an_endpoint_of_a_published_family_that_works_the_listener_serves() {
        String none =
                "there is no family of the published address over which its endpoints are reached"
                        + " through nat";
        Endpoint both = endpoint(2, 1, Family.IPV4, Family.IPV6);
        TrialResult onlyIpv4 = new TrialResult(Set.of(Family.IPV4), "IPv6: refused");
        assertEquals(none, reason(Mode.AUTO, serve(tcp(Examples.IPV6, 80), READY)));
        assertEquals(none, reason(Mode.AUTO, serve(PUBLISHED, endpoint(1, 0, Family.IPV4))));
        assertEquals(
                none,
                reason(
                        Mode.AUTO,
                        serve(tcp(Examples.IPV6, 80), both),
                        Map.of(both.id(), onlyIpv4)));
        assertEquals(
                "", reason(Mode.AUTO, serve(PUBLISHED, both, READY), Map.of(both.id(), onlyIpv4)));
    }
}
