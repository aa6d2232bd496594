package dev.sameport.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.config.Interpretation;
import dev.sameport.config.InterpreterOptions;
import dev.sameport.model.Attachment;
import dev.sameport.model.Change;
import dev.sameport.model.Claimable;
import dev.sameport.model.Claims;
import dev.sameport.model.Desired;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Labels;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Problem;
import dev.sameport.model.ProviderStatus;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.Snapshot;
import dev.sameport.model.StopPolicy;
import dev.sameport.provider.Observation;
import dev.sameport.provider.Provider;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Passes of the loop, with a clock of the test's and providers that say what the test says.
final class ReconcilerTest {
    private static final PublishedPort EIGHTY = PublishedPort.tcp(80);

    private final TestClock clock = new TestClock();
    private final TestProvider docker = new TestProvider("docker");
    private final TestProvider podman = new TestProvider("podman");
    private final Applied applied = new Applied();
    private final Kept kept = new Kept();

    private Reconciler loop(Claims claims) {
        return loop(new Reconciler.Start(claims, Memory.EMPTY, Map.of()));
    }

    private Reconciler loop(Reconciler.Start start) {
        return new Reconciler(
                List.of(docker, podman),
                (observations, held) -> {
                    Interpretation read =
                            dev.sameport.config.Interpreter.interpret(
                                    observations, held, new InterpreterOptions(false));
                    return new Reconciler.Interpreted(
                            read.services(), read.claims(), read.problems());
                },
                applied,
                _ -> {},
                kept,
                clock,
                start);
    }

    private static void changed(Reconciler loop) {
        loop.pass(new Inbox.Mail(List.of(), List.of(), true, false));
    }

    private static void timePassed(Reconciler loop) {
        loop.pass(new Inbox.Mail(List.of(), List.of(), false, false));
    }

    private void ready(Reconciler loop, String provider, String id) {
        EndpointId endpoint = new EndpointId(new ReplicaId(provider, id), 8080);
        loop.pass(
                new Inbox.Mail(List.of(), List.of(new Probed(endpoint, true, null)), false, false));
    }

    @Test
    void a_rival_gets_the_port_of_a_replaced_service_only_when_its_hold_is_over() {
        Reconciler loop = loop(Claims.NONE);
        docker.sees(container("docker", 1, "shop", ""), container("docker", 2, "rival", ""));
        podman.sees();
        changed(loop);
        ready(loop, "docker", "c1");
        assertEquals("shop", applied.holder());

        docker.sees(container("docker", 2, "rival", ""));
        changed(loop);

        assertEquals("shop", applied.holder());
        assertEquals(Intake.HOLD, applied.port().intake());
        assertTrue(kept.problem().contains("service shop"), kept::problem);

        clock.pass(Duration.ofSeconds(5));
        timePassed(loop);

        assertEquals("rival", applied.holder());
        assertEquals("rival", kept.claims.holders().get(Claimable.whole(EIGHTY)).value());
        assertEquals("", kept.problem());
    }

    @Test
    void a_holder_that_comes_back_within_its_hold_has_its_port() {
        Reconciler loop = loop(Claims.NONE);
        docker.sees(container("docker", 1, "shop", ""), container("docker", 2, "rival", ""));
        podman.sees();
        changed(loop);
        ready(loop, "docker", "c1");
        docker.sees(container("docker", 2, "rival", ""));
        changed(loop);
        clock.pass(Duration.ofSeconds(4));

        docker.sees(container("docker", 2, "rival", ""), container("docker", 3, "shop", ""));
        changed(loop);
        ready(loop, "docker", "c3");
        clock.pass(Duration.ofMinutes(1));
        timePassed(loop);

        assertEquals("shop", applied.holder());
        assertEquals(Intake.SERVE, applied.port().intake());
    }

    @Test
    void without_a_hold_a_rival_gets_the_port_at_once() {
        Reconciler loop = loop(Claims.NONE);
        docker.sees(container("docker", 1, "shop", "0s"), container("docker", 2, "rival", ""));
        podman.sees();
        changed(loop);
        ready(loop, "docker", "c1");

        docker.sees(container("docker", 2, "rival", ""));
        changed(loop);
        assertEquals(Duration.ZERO, loop.untilDeadline());
        timePassed(loop);

        assertEquals("rival", applied.holder());
    }

    @Test
    void a_port_is_kept_for_a_service_that_an_engine_which_never_answered_may_have() {
        Reconciler loop = loop(Claims.of(Map.of(EIGHTY, new ServiceName("shop"))));
        docker.sees(container("docker", 2, "rival", ""));
        podman.fails();
        changed(loop);
        clock.pass(Duration.ofMinutes(5));
        changed(loop);

        assertEquals("", applied.holder());
        assertTrue(kept.problem().contains("service shop"), kept::problem);

        podman.sees(container("podman", 1, "shop", ""));
        changed(loop);
        assertEquals("shop", applied.holder());
    }

    @Test
    void an_engine_that_answers_without_the_holder_frees_the_port() {
        Reconciler loop = loop(Claims.of(Map.of(EIGHTY, new ServiceName("shop"))));
        docker.sees(container("docker", 2, "rival", ""));
        podman.fails();
        changed(loop);

        podman.sees();
        changed(loop);

        assertEquals("rival", applied.holder());
    }

    @Test
    void services_share_a_port_by_server_name_and_each_is_held_for_by_itself() {
        Reconciler loop = loop(Claims.NONE);
        Replica blog = sharing(1, "blog", "blog.example");
        Replica shop = sharing(2, "shop", "shop.example, *.shop.example");
        Replica rival = sharing(3, "rival", "rival.example, shop.example");
        docker.sees(blog, shop, rival);
        podman.sees();
        changed(loop);
        for (int i = 1; i <= 3; i++) {
            ready(loop, "docker", "c" + i);
        }
        assertEquals(
                List.of(
                        "blog SERVE [blog.example]",
                        "rival SERVE [rival.example]",
                        "shop SERVE [*.shop.example, shop.example]"),
                applied.shared());
        assertTrue(kept.problem().contains("shop.example is claimed by service shop"));

        docker.sees(blog, rival);
        changed(loop);
        assertEquals(
                List.of(
                        "blog SERVE [blog.example]",
                        "rival SERVE [rival.example]",
                        "shop HOLD [*.shop.example, shop.example]"),
                applied.shared());
        assertTrue(kept.problem().contains("shop.example is kept for service shop"));

        clock.pass(Duration.ofSeconds(5));
        timePassed(loop);
        assertEquals(
                List.of("blog SERVE [blog.example]", "rival SERVE [rival.example, shop.example]"),
                applied.shared());
        assertEquals("", kept.problem());
    }

    @Test
    void a_service_that_comes_back_to_a_shared_port_has_its_names() {
        Reconciler loop = loop(Claims.NONE);
        Replica blog = sharing(1, "blog", "blog.example");
        docker.sees(blog, sharing(2, "shop", "shop.example"));
        podman.sees();
        changed(loop);
        ready(loop, "docker", "c1");
        ready(loop, "docker", "c2");
        docker.sees(blog);
        changed(loop);
        clock.pass(Duration.ofSeconds(4));

        docker.sees(blog, sharing(4, "rival", "shop.example"), sharing(5, "shop", "shop.example"));
        changed(loop);
        ready(loop, "docker", "c5");
        assertEquals(
                List.of("blog SERVE [blog.example]", "shop SERVE [shop.example]"),
                applied.shared());
    }

    @Test
    void a_server_name_is_kept_for_a_service_that_an_engine_which_never_answered_may_have() {
        TreeMap<Claimable, ServiceName> recorded = new TreeMap<>();
        recorded.put(new Claimable(EIGHTY, "shop.example"), new ServiceName("shop"));
        Reconciler loop = loop(new Claims(recorded));
        docker.sees(
                sharing(1, "rival", "shop.example, rival.example"),
                container("docker", 2, "plain", ""));
        podman.fails();
        changed(loop);
        ready(loop, "docker", "c1");
        assertEquals(List.of("rival SERVE [rival.example]"), applied.shared());

        podman.sees();
        changed(loop);
        assertEquals(List.of("rival SERVE [rival.example, shop.example]"), applied.shared());
    }

    @Test
    void a_failed_list_never_empties_a_service() {
        Reconciler loop = loop(Claims.NONE);
        docker.sees(container("docker", 1, "shop", ""));
        podman.sees();
        changed(loop);
        ready(loop, "docker", "c1");

        docker.fails();
        changed(loop);
        clock.pass(Duration.ofHours(1));
        changed(loop);

        assertEquals("shop", applied.holder());
        assertEquals(Intake.SERVE, applied.port().intake());
        assertTrue(kept.problem().contains("it does not answer"), kept::problem);
    }

    @Test
    void an_engine_that_is_down_at_the_start_keeps_what_an_earlier_daemon_saw() {
        Replica shop = container("docker", 1, "shop", "");
        Memory.Adopted inForce =
                new Memory.Adopted(
                        shop.id(), shop.startedAt(), new InetSocketAddress(address(1), 8080));
        docker.fails();
        podman.sees();
        Reconciler loop =
                loop(
                        new Reconciler.Start(
                                Claims.of(Map.of(EIGHTY, new ServiceName("shop"))),
                                Memory.adopting(Set.of(inForce)),
                                Map.of(
                                        "docker",
                                        new Observation.Complete(
                                                "docker", List.of(shop), List.of()))));
        changed(loop);

        assertEquals(Intake.SERVE, applied.port().intake());

        docker.sees();
        changed(loop);
        assertEquals(Intake.HOLD, applied.port().intake());
    }

    private static Replica container(String provider, int number, String service, String hold) {
        return container(
                provider,
                number,
                service,
                hold.isEmpty() ? Map.of() : Map.of("sameport.hold", hold));
    }

    private static Replica sharing(int number, String service, String serverNames) {
        return container(
                "docker",
                number,
                service,
                Map.of("sameport.tls.passthrough", "true", "sameport.tls.sni", serverNames));
    }

    private static Replica container(
            String provider, int number, String service, Map<String, String> more) {
        TreeMap<String, String> labels =
                new TreeMap<>(Map.of("sameport.publish", "80:8080", "sameport.service", service));
        labels.putAll(more);
        Attachment attachment =
                new Attachment(
                        "bridge",
                        address(number),
                        null,
                        true,
                        false,
                        new Reach.OnBridge("docker0"));
        return new Replica(
                new ReplicaId(provider, "c" + number),
                service + "-" + number,
                "app",
                new Labels(labels),
                Labels.NONE,
                Replica.State.RUNNING,
                Replica.Health.NONE,
                List.of(attachment),
                false,
                List.of(),
                OptionalInt.empty(),
                TestClock.START.plusSeconds(number),
                StopPolicy.DEFAULT);
    }

    private static Inet4Address address(int number) {
        return (Inet4Address) InetAddress.ofLiteral("198.18.0." + number);
    }

    private static final class TestClock extends Clock {
        static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
        private Instant now = START.plusSeconds(60);

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class TestProvider implements Provider {
        private final String name;
        private Observation observation;

        TestProvider(String name) {
            this.name = name;
            this.observation = new Observation.Complete(name, List.of(), List.of());
        }

        void sees(Replica... replicas) {
            observation = new Observation.Complete(name, List.of(replicas), List.of());
        }

        void fails() {
            observation =
                    new Observation.Failed(
                            name, new Problem(name, "it does not answer", "start it"));
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start(Listener listener) {}

        @Override
        public Observation observe() {
            return observation;
        }

        @Override
        public boolean looked() {
            return true;
        }

        @Override
        public ProviderStatus status() {
            return new ProviderStatus(name, "", 0, null);
        }

        @Override
        public void close() {}
    }

    private static final class Applied implements Planes {
        private Desired desired = Desired.NOTHING;

        /// Who has port 80; empty where nobody has.
        String holder() {
            return desired.services().isEmpty() ? "" : desired.services().getFirst().name().value();
        }

        /// Who has which server names, and what happens to their connections.
        List<String> shared() {
            return desired.services().stream()
                    .map(service -> {
                        ServicePort port = service.ports().getFirst();
                        return service.name() + " " + port.intake() + " " + port.serverNames();
                    })
                    .toList();
        }

        ServicePort port() {
            return desired.services().getFirst().ports().getFirst();
        }

        @Override
        public Map<PublishedPort, PortStatus> apply(Desired next) {
            desired = next;
            Map<PublishedPort, PortStatus> status = new HashMap<>();
            next.services().stream()
                    .flatMap(service -> service.ports().stream())
                    .map(ServicePort::published)
                    .forEach(port -> status.put(port, new PortStatus(port, "nat", "", null)));
            return status;
        }

        @Override
        public void repair() {}

        @Override
        public Map<EndpointId, Long> connections() {
            return Map.of();
        }
    }

    private static final class Kept implements Reconciler.Publisher {
        private Claims claims = Claims.NONE;
        private List<Problem> problems = new ArrayList<>();

        String problem() {
            return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
        }

        @Override
        public void publish(Snapshot snapshot, List<Change> changes) {
            problems = snapshot.problems();
        }

        @Override
        public void keep(Claims next) {
            claims = next;
        }
    }
}
