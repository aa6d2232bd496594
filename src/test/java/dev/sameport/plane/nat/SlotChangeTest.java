package dev.sameport.plane.nat;

import static dev.sameport.plane.nat.Examples.ANY;
import static dev.sameport.plane.nat.Examples.desired;
import static dev.sameport.plane.nat.Examples.endpoint;
import static dev.sameport.plane.nat.Examples.refuse;
import static dev.sameport.plane.nat.Examples.serve;
import static dev.sameport.plane.nat.Examples.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.linux.DestinationMap;
import dev.sameport.linux.DestinationMaps;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Family;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServicePort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SlotChangeTest {
    private static final PublishedPort HTTP = tcp(ANY, 80);
    private static final PublishedPort OTHER = tcp(ANY, 81);
    private static final Endpoint ONE = endpoint(1, 1, Family.IPV4);
    private static final Endpoint TWO = endpoint(2, 1, Family.IPV4);
    private static final Endpoint BOTH = endpoint(3, 1, Family.IPV4, Family.IPV6);

    private static NatState state(ServicePort... ports) {
        return NatState.of(desired(ports), NatOptions.DEFAULT, Map.of());
    }

    private static Optional<SlotChange> between(NatState applied, NatState wanted) {
        return SlotChange.between(applied, wanted);
    }

    @Test
    void an_endpoint_that_dies_leaves_its_slots_to_the_others() {
        NatState both = state(serve(HTTP, ONE, TWO), serve(OTHER, ONE));
        NatState one = state(serve(HTTP, ONE), serve(OTHER, ONE));

        InetSocketAddress address = ONE.spec().addresses().all().getFirst();
        assertEquals(
                Optional.of(
                        new SlotChange(
                                List.of(
                                        new DestinationMap(
                                                "tcp_80_any_to_ipv4",
                                                List.of(
                                                        new DestinationMap.Range(
                                                                0, 65_535, address)))))),
                between(both, one));
        assertEquals(Optional.of(new SlotChange(List.of())), between(one, one));
    }

    @Test
    void whatever_takes_other_rules_is_no_slot_change() {
        NatState one = state(serve(HTTP, ONE));
        Endpoint elsewhere = endpoint(2, 1, "br-other", Family.IPV4);
        NatOptions copying =
                new NatOptions(
                        NatOptions.DEFAULT.mark(),
                        NatOptions.DEFAULT.mask(),
                        NatOptions.DEFAULT.keepRulesFor(),
                        true);

        assertEquals(Optional.empty(), between(one, state()), "a port goes");
        assertEquals(Optional.empty(), between(state(), one), "a port comes");
        assertEquals(
                Optional.empty(), between(one, state(serve(HTTP, ONE, BOTH))), "a family comes");
        assertEquals(
                Optional.empty(), between(one, state(serve(HTTP, ONE, elsewhere))), "a bridge");
        assertEquals(
                Optional.empty(), between(one, state(serve(HTTP, ONE), refuse(OTHER))), "refusal");
        assertEquals(
                Optional.empty(),
                between(
                        one,
                        NatState.of(
                                desired(Examples.service("other", serve(HTTP, ONE))),
                                NatOptions.DEFAULT,
                                Map.of())),
                "another service");
        assertEquals(
                Optional.empty(),
                between(one, new NatState(copying, one.ports(), one.refused())),
                "options");
    }

    @Test
    void more_elements_than_a_message_takes_are_left_to_nft() {
        Endpoint[] many =
                IntStream.rangeClosed(1, 1_001)
                        .mapToObj(number -> endpoint(number, 1, Family.IPV4))
                        .toArray(Endpoint[]::new);

        assertEquals(Optional.empty(), between(state(serve(HTTP, ONE)), state(serve(HTTP, many))));
    }

    @Test
    void slot_changes_one_by_one_lead_to_the_table_that_a_full_load_makes() {
        SplittableRandom seeds = new SplittableRandom(45);
        try (TestNamespace step = new TestNamespace();
                TestNamespace fresh = new TestNamespace();
                DestinationMaps maps =
                        step.namespace.call(() -> DestinationMaps.open(Ruleset.TABLE_NAME))) {
            for (int round = 0; round < 5; round++) {
                long seed = seeds.nextLong();
                SplittableRandom random = new SplittableRandom(seed);
                NatState applied = random(random);
                step.nftables.apply(Ruleset.full(applied));
                for (int change = 0; change < 10; change++) {
                    NatState wanted = random(random);
                    maps.replace(between(applied, wanted).orElseThrow().maps());
                    fresh.nftables.apply(Ruleset.full(wanted));
                    assertEquals(fresh.tableInProcess(), step.tableInProcess(), "seed " + seed);
                    applied = wanted;
                }
            }
        }
    }

    private static NatState random(SplittableRandom random) {
        return state(
                serve(HTTP, endpoints(random, Family.IPV4)),
                serve(OTHER, endpoints(random, Family.values())));
    }

    private static Endpoint[] endpoints(SplittableRandom random, Family... families) {
        Endpoint[] endpoints = new Endpoint[random.nextInt(1, 8)];
        for (int i = 0; i < endpoints.length; i++) {
            endpoints[i] = endpoint(random.nextInt(1, 300), random.nextInt(1, 1_000), families);
        }
        return endpoints;
    }
}
