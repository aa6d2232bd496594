package dev.sameport.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Claimable;
import dev.sameport.model.Claims;
import dev.sameport.model.Declaration;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.PortSpec;
import dev.sameport.model.Problem;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServiceSpec;
import dev.sameport.provider.Observation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InterpreterPropertyTest {
    private static final int RUNS = 1_000;

    private interface Property {
        void check(Machine machine, SplittableRandom random);
    }

    private static void forAll(boolean withDeclarations, Property property) {
        for (long seed = 0; seed < RUNS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Machine machine = RandomMachine.of(random, withDeclarations);
            try {
                property.check(machine, random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    @Test
    void the_order_of_what_was_observed_never_matters() {
        forAll(
                true,
                (machine, random) -> {
                    Interpretation expected = machine.interpret();
                    Random shuffling = new Random(random.nextLong());
                    List<Observation.Complete> shuffled = new ArrayList<>();
                    for (Observation.Complete observation : machine.observations()) {
                        List<Replica> replicas = new ArrayList<>(observation.replicas());
                        List<Declaration> declarations =
                                new ArrayList<>(observation.declarations());
                        Collections.shuffle(replicas, shuffling);
                        Collections.shuffle(declarations, shuffling);
                        shuffled.add(
                                new Observation.Complete(
                                        observation.provider(), replicas, declarations));
                    }
                    Collections.shuffle(shuffled, shuffling);
                    assertEquals(
                            expected,
                            Interpreter.interpret(
                                    shuffled,
                                    new Claims(machine.claims),
                                    new InterpreterOptions(machine.trustImageLabels)));
                });
    }

    @Test
    void interpreting_again_with_the_returned_claims_changes_nothing() {
        forAll(
                true,
                (machine, _) -> {
                    Interpretation first = machine.interpret();
                    Interpretation second = machine.interpret(first.claims());
                    assertEquals(InterpretationText.of(first), InterpretationText.of(second));
                    assertEquals(first.services(), second.services());
                    assertEquals(first.claims(), second.claims());
                });
    }

    @Test
    void no_two_claims_overlap_and_they_are_exactly_what_is_served() {
        forAll(
                true,
                (machine, _) -> {
                    Interpretation interpretation = machine.interpret();
                    TreeMap<Claimable, ServiceName> served = new TreeMap<>();
                    for (ServiceSpec service : interpretation.services()) {
                        for (PortSpec port : service.ports()) {
                            for (Claimable claimed : claimed(port)) {
                                served.keySet()
                                        .forEach(other ->
                                                assertFalse(
                                                        other.overlaps(claimed),
                                                        claimed + " and " + other));
                                served.put(claimed, service.name());
                            }
                        }
                        assertFalse(service.ports().isEmpty());
                    }
                    assertEquals(served, interpretation.claims().holders());
                });
    }

    private static List<Claimable> claimed(PortSpec port) {
        return port.serverNames().isEmpty()
                ? List.of(Claimable.whole(port.published()))
                : port.serverNames().stream()
                        .map(name -> new Claimable(port.published(), name))
                        .toList();
    }

    @Test
    void random_machines_have_ports_that_services_share() {
        Set<Integer> sharers = new HashSet<>();
        forAll(
                true,
                (machine, _) -> {
                    Map<PublishedPort, Integer> services = new HashMap<>();
                    machine.interpret().services().stream()
                            .flatMap(service -> service.ports().stream())
                            .forEach(port -> services.merge(port.published(), 1, Integer::sum));
                    sharers.addAll(services.values());
                });
        assertTrue(sharers.contains(1) && sharers.contains(2), sharers::toString);
    }

    @Test
    void a_claim_is_kept_by_its_holder_while_it_asks() {
        forAll(
                true,
                (machine, random) -> {
                    Interpretation before = machine.interpret();
                    int number = machine.containers.size();
                    Machine.Container rival = machine.add("rival");
                    rival.id = "a-rival" + number;
                    rival.started(-5).service("rival").publish("80,81,82,83");
                    Interpretation after = machine.interpret(before.claims());
                    before.claims()
                            .holders()
                            .forEach((claimed, holder) ->
                                    assertEquals(
                                            holder,
                                            after.claims().holders().get(claimed),
                                            claimed::toString));
                });
    }

    @Test
    void strangers_never_share_and_those_who_asked_to_do() {
        Set<Integer> sizes = new HashSet<>();
        Set<Boolean> held = new HashSet<>();
        forAll(
                false,
                (machine, _) -> {
                    NaiveSharing oracle = new NaiveSharing(machine);
                    Map<ReplicaId, ServiceName> serviceOf = new TreeMap<>();
                    for (ServiceSpec service : machine.interpret().services()) {
                        Set<ReplicaId> members = new HashSet<>();
                        for (EndpointSpec endpoint : endpoints(service)) {
                            members.add(endpoint.id().replica());
                            Sandbox sandbox = endpoint.sandbox();
                            if (sandbox != null) {
                                held.add(sandbox.holdsPort());
                            }
                            serviceOf.put(endpoint.id().replica(), service.name());
                        }
                        oracle.assertAllShare(members);
                        sizes.add(members.size());
                    }
                    oracle.assertNoneApart(serviceOf);
                });
        assertTrue(sizes.containsAll(Set.of(0, 1, 2, 3)), "too tame: " + sizes);
        assertEquals(Set.of(true, false), held, "sandboxes");
    }

    @Test
    void nothing_is_reached_by_an_internal_or_unreachable_network() {
        forAll(
                true,
                (machine, _) -> {
                    for (ServiceSpec service : machine.interpret().services()) {
                        for (EndpointSpec endpoint : endpoints(service)) {
                            assertFalse(endpoint.reach() instanceof Reach.Unreachable);
                            assertFalse(
                                    endpoint.reach() instanceof Reach.OnBridge(String bridge)
                                            && bridge.equals("br-inner"));
                        }
                    }
                });
    }

    @Test
    void hostile_text_only_ever_gives_problems_that_are_safe_to_show() {
        for (long seed = 0; seed < 500; seed++) {
            HostileText hostile = new HostileText(new SplittableRandom(seed));
            Interpretation interpretation = hostile.machine().interpret();
            for (Problem problem : interpretation.problems()) {
                String shown = problem.toString();
                long where = seed;
                assertTrue(
                        shown.codePoints()
                                .noneMatch(c ->
                                        Character.isISOControl(c)
                                                || Character.getType(c) == Character.FORMAT),
                        () -> "seed " + where + ": " + shown);
                assertTrue(shown.length() < 2_000, () -> "seed " + where + ": " + shown);
            }
        }
    }

    private static List<EndpointSpec> endpoints(ServiceSpec service) {
        return service.ports().stream().flatMap(port -> port.endpoints().stream()).toList();
    }
}
