package dev.sameport.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sameport.model.Replica;
import dev.sameport.model.Service;
import dev.sameport.provider.Signal;
import dev.sameport.reconcile.World.Container;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Any sequence of events ends in the state that a fresh start would reach.
class EventSequencePropertyTest {
    private static final int SEQUENCES = 2_000;
    private static final int EVENTS = 30;

    @Test
    void any_sequence_of_events_ends_where_a_fresh_start_ends() {
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            run(sequence);
        }
    }

    private static void run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World();
        Set<Integer> accepting = new HashSet<>();
        Memory memory = Memory.EMPTY;
        for (int event = 0; event < EVENTS; event++) {
            memory = event(world, accepting, memory, random);
            world.pass(Duration.ofMillis(random.nextInt(4_000)));
            if (random.nextBoolean()) {
                memory = Planner.plan(world.specs(), memory, world.now).memory();
            }
        }
        List<Service> lived = settled(world, accepting, memory);
        List<Service> fresh = settled(world, accepting, Memory.EMPTY);
        assertEquals(fresh, lived, "seed " + seed);
    }

    private static Memory event(
            World world, Set<Integer> accepting, Memory memory, SplittableRandom random) {
        int number = 1 + random.nextInt(5);
        Container container =
                world.containers.stream()
                        .filter(c -> c.number() == number)
                        .findFirst()
                        .orElse(null);
        if (container == null) {
            world.add(number);
            return memory;
        }
        return switch (random.nextInt(7)) {
            case 0 -> {
                world.replace(with(container, Replica.State.PAUSED, container.health()));
                yield memory;
            }
            case 1 -> {
                world.replace(with(container, Replica.State.RUNNING, Replica.Health.HEALTHY));
                yield memory;
            }
            case 2 -> {
                world.replace(with(container, Replica.State.RUNNING, Replica.Health.UNHEALTHY));
                yield memory;
            }
            case 3 -> memory.with(new Signal.Stopping(container.id(), world.now));
            case 4 -> {
                world.remove(number);
                accepting.remove(number);
                yield memory.with(new Signal.Died(container.id(), world.now));
            }
            case 5 -> restart(world, container, accepting, memory);
            default -> probe(container, accepting, memory, random.nextBoolean());
        };
    }

    private static Container with(Container container, Replica.State state, Replica.Health health) {
        return new Container(
                container.number(), state, health, container.startedAt(), container.weight());
    }

    private static Memory restart(
            World world, Container container, Set<Integer> accepting, Memory memory) {
        Memory died = memory.with(new Signal.Died(container.id(), container.startedAt()));
        world.pass(Duration.ofMillis(100));
        world.replace(
                new Container(
                        container.number(),
                        Replica.State.RUNNING,
                        Replica.Health.NONE,
                        world.now,
                        container.weight()));
        accepting.remove(container.number());
        return died;
    }

    private static Memory probe(
            Container container, Set<Integer> accepting, Memory memory, boolean accepts) {
        if (accepts) {
            accepting.add(container.number());
        } else {
            accepting.remove(container.number());
        }
        return memory.with(new Probed(container.endpoint(), accepts, accepts ? true : null));
    }

    /// Time goes by until nothing waits for it, and every probe has answered.
    private static List<Service> settled(World world, Set<Integer> accepting, Memory start) {
        Memory memory = Planner.plan(world.specs(), start, world.now).memory();
        for (Container container : world.containers) {
            boolean accepts = accepting.contains(container.number());
            memory = memory.with(new Probed(container.endpoint(), accepts, true));
        }
        Plan plan = Planner.plan(world.specs(), memory, world.now.plusSeconds(60));
        plan = Planner.plan(world.specs(), plan.memory(), world.now.plusSeconds(120));
        // Whether it never answered or stopped answering is history, not state: both take no
        // connections.
        return plan.services().stream().map(EventSequencePropertyTest::withoutHistory).toList();
    }

    private static Service withoutHistory(Service service) {
        return new Service(
                service.name(),
                service.ports().stream()
                        .map(port ->
                                new dev.sameport.model.ServicePort(
                                        port.published(),
                                        port.endpoints().stream()
                                                .map(EventSequencePropertyTest::withoutHistory)
                                                .toList(),
                                        port.intake()))
                        .toList(),
                service.policies());
    }

    private static dev.sameport.model.Endpoint withoutHistory(
            dev.sameport.model.Endpoint endpoint) {
        boolean notYetOrNoMore =
                endpoint.phase() == dev.sameport.model.Phase.UNHEALTHY && !endpoint.accepting();
        return new dev.sameport.model.Endpoint(
                endpoint.spec(),
                notYetOrNoMore ? dev.sameport.model.Phase.STARTING : endpoint.phase(),
                endpoint.accepting(),
                endpoint.serving(),
                endpoint.natWorks());
    }
}
