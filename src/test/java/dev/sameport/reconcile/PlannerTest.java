package dev.sameport.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Endpoint;
import dev.sameport.model.HealthPolicy;
import dev.sameport.model.Phase;
import dev.sameport.model.Policies;
import dev.sameport.model.PortSpec;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.ServiceSpec;
import dev.sameport.model.TcpPolicy;
import dev.sameport.provider.Signal;
import dev.sameport.reconcile.World.Container;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private final World world = new World();
    private Memory memory = Memory.EMPTY;
    private Plan plan = new Plan(List.of(), memory, null);

    private ServicePort port() {
        plan = Planner.plan(world.specs(), memory, world.now);
        memory = plan.memory();
        return plan.services().getFirst().ports().getFirst();
    }

    private Endpoint endpoint(Container container) {
        return port().endpoints().stream()
                .filter(endpoint -> endpoint.id().equals(container.endpoint()))
                .findFirst()
                .orElseThrow();
    }

    private void accepts(Container container) {
        port();
        memory = memory.with(new Probed(container.endpoint(), true, true));
    }

    private void fails(Container container) {
        memory = memory.with(new Probed(container.endpoint(), false, null));
    }

    @Test
    void an_endpoint_joins_when_its_port_accepts_and_not_before() {
        Container web = world.add(1);
        assertEquals(Phase.STARTING, endpoint(web).phase());
        assertEquals(Intake.HOLD, port().intake());
        accepts(web);
        assertEquals(Phase.READY, endpoint(web).phase());
        assertEquals(Intake.SERVE, port().intake());
    }

    private void answers(Container container, boolean healthy) {
        port();
        memory = memory.with(new Probed(container.endpoint(), true, healthy, true, false));
    }

    @Test
    void one_that_accepts_but_answers_its_probe_otherwise_serves_only_as_the_last_resort() {
        Container first = world.add(1);
        answers(first, false);
        assertEquals(Phase.STARTING, endpoint(first).phase());
        assertTrue(endpoint(first).serving());
        Container second = world.add(2);
        answers(second, true);
        assertEquals(Phase.READY, endpoint(second).phase());
        assertFalse(endpoint(first).serving());
        answers(first, true);
        assertTrue(endpoint(first).serving());
        answers(first, false);
        assertEquals(Phase.UNHEALTHY, endpoint(first).phase());
        assertFalse(endpoint(first).serving());
    }

    private void isTried(Container container) {
        port();
        memory = memory.with(new Probed(container.endpoint(), true, true, null, true));
    }

    @Test
    void until_its_rules_are_tried_an_endpoint_serves_only_those_who_wait_for_any() {
        Container first = world.add(1);
        isTried(first);
        assertEquals(Intake.SERVE, port().intake());
        assertTrue(endpoint(first).serving());
        assertEquals(Phase.STARTING, endpoint(first).phase());
        accepts(first);
        assertEquals(Phase.READY, endpoint(first).phase());
        Container second = world.add(2);
        isTried(second);
        assertTrue(endpoint(first).serving());
        assertFalse(endpoint(second).serving());
        accepts(second);
        assertTrue(endpoint(second).serving());
    }

    @Test
    void a_healthcheck_decides_while_another_endpoint_is_healthy() {
        Container first = world.add(1);
        Container second = world.add(2);
        world.replace(
                new Container(2, Replica.State.RUNNING, Replica.Health.STARTING, world.now, 1));
        accepts(first);
        accepts(second);
        assertEquals(Phase.STARTING, endpoint(second).phase());
        assertEquals(
                List.of(first.endpoint()), port().serving().stream().map(Endpoint::id).toList());
    }

    @Test
    void while_none_is_healthy_those_that_accept_serve_all_the_same() {
        Container web = world.add(1);
        world.replace(
                new Container(1, Replica.State.RUNNING, Replica.Health.UNHEALTHY, world.now, 1));
        accepts(web);
        Endpoint endpoint = endpoint(web);
        assertEquals(Phase.UNHEALTHY, endpoint.phase());
        assertTrue(endpoint.serving());
    }

    @Test
    void with_strict_health_an_unhealthy_endpoint_never_serves() {
        HealthPolicy health = HealthPolicy.DEFAULT;
        world.policies =
                new Policies(
                        Policies.DEFAULT.mode(),
                        Policies.DEFAULT.balance(),
                        Policies.DEFAULT.affinity(),
                        Policies.DEFAULT.hold(),
                        Policies.DEFAULT.drain(),
                        new HealthPolicy(true, 0, health.interval(), health.timeout(), 1, 2, null),
                        null,
                        null,
                        TcpPolicy.DEFAULT);
        Container web = world.add(1);
        world.replace(
                new Container(1, Replica.State.RUNNING, Replica.Health.UNHEALTHY, world.now, 1));
        accepts(web);
        assertEquals(List.of(), port().serving());
    }

    @Test
    void an_endpoint_that_stops_accepting_is_unhealthy_and_returns_when_it_accepts() {
        Container web = world.add(1);
        accepts(web);
        assertEquals(Phase.READY, endpoint(web).phase());
        fails(web);
        assertEquals(Phase.UNHEALTHY, endpoint(web).phase());
        accepts(web);
        assertEquals(Phase.READY, endpoint(web).phase());
    }

    @Test
    void a_stop_signal_drains_until_the_process_ends() {
        Container web = world.add(1);
        accepts(web);
        port();
        memory = memory.with(new Signal.Stopping(web.id(), world.now));
        assertEquals(Phase.DRAINING, endpoint(web).phase());
        assertEquals(List.of(), port().serving());
        memory = memory.with(new Signal.Died(web.id(), world.now));
        assertEquals(Phase.GONE, endpoint(web).phase());
    }

    @Test
    void a_replica_that_ignores_its_stop_signal_rejoins_five_seconds_after_its_stop_timeout() {
        Container web = world.add(1);
        accepts(web);
        port();
        memory = memory.with(new Signal.Stopping(web.id(), world.now));
        assertEquals(Phase.DRAINING, endpoint(web).phase());
        world.pass(Duration.ofMillis(14_999));
        assertEquals(Phase.DRAINING, endpoint(web).phase());
        assertEquals(World.START.plusSeconds(15), plan.deadline());
        world.pass(Duration.ofMillis(1));
        assertEquals(Phase.READY, endpoint(web).phase());
    }

    @Test
    void a_paused_replica_leaves_until_it_is_unpaused() {
        Container web = world.add(1);
        accepts(web);
        world.replace(new Container(1, Replica.State.PAUSED, Replica.Health.NONE, World.START, 1));
        assertEquals(Phase.PAUSED, endpoint(web).phase());
        world.replace(web);
        assertEquals(Phase.READY, endpoint(web).phase());
    }

    @Test
    void a_restarted_replica_has_to_prove_itself_again() {
        Container web = world.add(1);
        accepts(web);
        port();
        memory = memory.with(new Signal.Stopping(web.id(), world.now));
        memory = memory.with(new Signal.Died(web.id(), world.now));
        port();
        world.pass(Duration.ofSeconds(1));
        world.replace(new Container(1, Replica.State.RUNNING, Replica.Health.NONE, world.now, 1));
        assertEquals(Phase.STARTING, endpoint(web).phase());
        accepts(web);
        assertEquals(Phase.READY, endpoint(web).phase());
    }

    @Test
    void new_connections_are_held_when_the_last_ready_endpoint_leaves_and_refused_after_the_hold() {
        Container web = world.add(1);
        accepts(web);
        assertEquals(Intake.SERVE, port().intake());
        world.pass(Duration.ofMinutes(1));
        memory = memory.with(new Signal.Stopping(web.id(), world.now));
        assertEquals(Intake.HOLD, port().intake());
        assertEquals(world.now.plusSeconds(5), plan.deadline());
        world.pass(Duration.ofSeconds(5));
        assertEquals(Intake.REFUSE, port().intake());
    }

    @Test
    void a_service_that_vanished_is_held_for_and_then_given_back() {
        Container web = world.add(1);
        accepts(web);
        port();
        world.remove(1);
        world.pass(Duration.ofSeconds(1));
        assertEquals(Intake.HOLD, port().intake());
        world.pass(Duration.ofSeconds(5));
        plan = Planner.plan(world.specs(), memory, world.now);
        assertEquals(List.of(), plan.services());
    }

    @Test
    void a_service_that_never_had_an_endpoint_refuses_at_once() {
        ServiceSpec empty =
                new ServiceSpec(
                        World.WEB,
                        List.of(new PortSpec(World.PORT, List.of())),
                        Policies.DEFAULT,
                        false);
        plan = Planner.plan(List.of(empty), memory, world.now);
        assertEquals(Intake.REFUSE, plan.services().getFirst().ports().getFirst().intake());
    }

    @Test
    void weight_zero_takes_no_new_connections() {
        Container none = world.add(1);
        world.replace(new Container(1, Replica.State.RUNNING, Replica.Health.NONE, world.now, 0));
        accepts(none);
        assertEquals(Phase.READY, endpoint(none).phase());
        assertEquals(List.of(), port().serving());
    }

    @Test
    void an_adopted_endpoint_serves_before_its_first_probe_only_when_it_is_the_same_run()
            throws Exception {
        Container same = world.add(1);
        Container other = world.add(2);
        InetSocketAddress first = new InetSocketAddress(InetAddress.getByName("198.18.0.1"), 8080);
        InetSocketAddress second = new InetSocketAddress(InetAddress.getByName("198.18.0.2"), 8080);
        Instant before = World.START.minusSeconds(60);
        memory =
                Memory.adopting(
                        Set.of(
                                new Memory.Adopted(same.id(), same.startedAt(), first),
                                new Memory.Adopted(other.id(), before, second)));
        assertEquals(Phase.READY, endpoint(same).phase());
        assertEquals(Phase.STARTING, endpoint(other).phase());
    }

    /// Two members, which started after the sandbox that they joined.
    private Sandbox joined(boolean holdsPort) {
        Sandbox sandbox = world.sandbox(holdsPort);
        world.pass(Duration.ofSeconds(1));
        for (int i = 1; i <= 2; i++) {
            accepts(world.add(i));
        }
        assertEquals(2, port().serving().size());
        return sandbox;
    }

    @Test
    void the_stop_signal_of_a_sandbox_drains_its_members() {
        ReplicaId owner = joined(false).owner().id();
        memory = memory.with(new Signal.Stopping(owner, world.now));
        assertEquals(
                List.of(Phase.DRAINING, Phase.DRAINING),
                port().endpoints().stream().map(Endpoint::phase).toList());
        assertEquals(Intake.HOLD, port().intake());
    }

    @Test
    void the_death_of_a_sandbox_takes_its_members_along_by_whichever_clock() {
        Replica owner = joined(false).owner();
        // A watched process tells the start of the run that ended, for want of a better moment.
        memory = memory.with(new Signal.Died(owner.id(), owner.startedAt()));
        assertEquals(
                List.of(Phase.GONE, Phase.GONE),
                port().endpoints().stream().map(Endpoint::phase).toList());
    }

    @Test
    void the_death_of_an_earlier_run_of_a_sandbox_is_no_news() {
        Instant earlier = world.now.minusSeconds(1);
        Replica owner = joined(false).owner();
        memory = memory.with(new Signal.Died(owner.id(), earlier));
        assertEquals(2, port().serving().size());
    }

    @Test
    void what_its_replicas_hold_themselves_is_never_held_after_they_vanished() {
        joined(true);
        assertTrue(port().heldBySandbox());
        world.remove(1);
        world.remove(2);
        plan = Planner.plan(world.specs(), memory, world.now);
        assertEquals(List.of(), plan.services());
    }
}
