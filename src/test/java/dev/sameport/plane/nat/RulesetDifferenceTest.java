package dev.sameport.plane.nat;

import static dev.sameport.plane.nat.Examples.at;
import static dev.sameport.plane.nat.Examples.endpoint;
import static dev.sameport.plane.nat.Examples.hold;
import static dev.sameport.plane.nat.Examples.refuse;
import static dev.sameport.plane.nat.Examples.serve;
import static dev.sameport.plane.nat.Examples.service;
import static dev.sameport.plane.nat.Examples.tcp;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.linux.Nftables;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Whatever happened before, the table is what a fresh load of the last state would make it.
final class RulesetDifferenceTest {
    private static final List<HostAddress> ADDRESSES =
            List.of(
                    Examples.ANY,
                    Examples.IPV4,
                    Examples.IPV6,
                    at("198.18.9.1"),
                    at("198.18.9.2"),
                    at("fd09::1"));

    @Test
    void differences_one_by_one_lead_to_the_table_that_a_full_load_makes() {
        SplittableRandom seeds = new SplittableRandom(43);
        try (TestNamespace step = new TestNamespace();
                TestNamespace fresh = new TestNamespace()) {
            for (int round = 0; round < 12; round++) {
                long seed = seeds.nextLong();
                SplittableRandom random = new SplittableRandom(seed);
                NatState applied = NatState.empty(NatOptions.DEFAULT);
                step.nftables.apply(Ruleset.full(applied));
                for (int change = 0; change < 15; change++) {
                    NatState wanted = random(random);
                    String what = "seed " + seed + " change " + change;
                    apply(step.nftables, Ruleset.diff(applied, wanted), what);
                    apply(step.nftables, Ruleset.sweep(applied, wanted), what);
                    fresh.nftables.apply(Ruleset.full(wanted));
                    assertEquals(fresh.tableInProcess(), step.tableInProcess(), what);
                    applied = wanted;
                }
                assertEquals(fresh.table(), step.table(), "seed " + seed);
            }
        }
    }

    private static void apply(Nftables nftables, String commands, String what) {
        try {
            nftables.apply(commands);
        } catch (RuntimeException failure) {
            throw new AssertionError(what + "\n" + commands, failure);
        }
    }

    private static NatState random(SplittableRandom random) {
        List<PublishedPort> taken = new ArrayList<>();
        List<Service> services = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            PublishedPort published =
                    tcp(ADDRESSES.get(random.nextInt(ADDRESSES.size())), random.nextInt(80, 84));
            if (taken.stream().noneMatch(published::overlaps)) {
                taken.add(published);
                services.add(randomService(random, published));
            }
        }
        return NatState.of(new Desired(1, services), NatOptions.DEFAULT, Map.of());
    }

    private static Service randomService(SplittableRandom random, PublishedPort published) {
        String name = "service" + random.nextInt(3);
        return switch (random.nextInt(5)) {
            case 0 -> service(name, hold(published));
            case 1 -> service(name, refuse(published));
            default -> service(name, serve(published, endpoints(random)));
        };
    }

    private static Endpoint[] endpoints(SplittableRandom random) {
        Endpoint[] endpoints = new Endpoint[random.nextInt(1, 6)];
        for (int i = 0; i < endpoints.length; i++) {
            Family[] families =
                    switch (random.nextInt(3)) {
                        case 0 -> new Family[] {Family.IPV4};
                        case 1 -> new Family[] {Family.IPV6};
                        default -> Family.values();
                    };
            endpoints[i] =
                    endpoint(
                            random.nextInt(1, 300),
                            random.nextInt(4),
                            "br-" + random.nextInt(3),
                            families);
        }
        return endpoints;
    }
}
