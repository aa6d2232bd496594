package dev.sameport.reconcile;

import dev.sameport.model.Attachment;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Labels;
import dev.sameport.model.Policies;
import dev.sameport.model.PortSpec;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import dev.sameport.model.SandboxPort;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServiceSpec;
import dev.sameport.model.StopPolicy;
import dev.sameport.model.Weight;
import java.net.Inet4Address;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A made-up machine with one service on port 80, for tests of the pure parts: what containers do,
/// and the specs that follow.
final class World {
    static final ServiceName WEB = new ServiceName("web");
    static final PublishedPort PORT = PublishedPort.tcp(80);
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /// One container of the service.
    record Container(
            int number, Replica.State state, Replica.Health health, Instant startedAt, int weight) {
        ReplicaId id() {
            return new ReplicaId("docker", "c" + number);
        }

        EndpointId endpoint() {
            return new EndpointId(id(), 8080);
        }
    }

    final List<Container> containers = new ArrayList<>();
    Instant now = START;
    Policies policies = Policies.DEFAULT;

    /// Whose network all containers joined, or null.
    @Nullable Sandbox sandbox;

    Container add(int number) {
        Container container =
                new Container(number, Replica.State.RUNNING, Replica.Health.NONE, now, 1);
        containers.add(container);
        return container;
    }

    void remove(int number) {
        containers.removeIf(container -> container.number() == number);
    }

    void replace(Container container) {
        remove(container.number());
        containers.add(container);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /// What the interpreter would make of it: containers that are dead are no members.
    List<ServiceSpec> specs() {
        List<EndpointSpec> endpoints =
                containers.stream()
                        .filter(container -> container.state() != Replica.State.EXITED)
                        .sorted((a, b) -> a.id().compareTo(b.id()))
                        .map(this::spec)
                        .toList();
        List<SandboxPort> shared =
                sandbox == null ? List.of() : List.of(new SandboxPort(sandbox, 8080));
        return endpoints.isEmpty()
                ? List.of()
                : List.of(
                        new ServiceSpec(
                                WEB,
                                List.of(new PortSpec(PORT, endpoints, shared)),
                                policies,
                                false));
    }

    /// A sandbox that was started now.
    Sandbox sandbox(boolean holdsPort) {
        Container owner = new Container(99, Replica.State.RUNNING, Replica.Health.NONE, now, 1);
        sandbox = new Sandbox("web", replica(owner), holdsPort);
        return sandbox;
    }

    private EndpointSpec spec(Container container) {
        Inet4Address address = address(container.number());
        return new EndpointSpec(
                container.endpoint(),
                "web-" + container.number(),
                new EndpointAddresses(address, null, 8080),
                new Reach.OnBridge("docker0"),
                new Weight(container.weight()),
                replica(container),
                sandbox);
    }

    private static Replica replica(Container container) {
        Attachment attachment =
                new Attachment(
                        "bridge",
                        address(container.number()),
                        null,
                        true,
                        false,
                        new Reach.OnBridge("docker0"));
        return new Replica(
                container.id(),
                "web-" + container.number(),
                "app",
                Labels.NONE,
                Labels.NONE,
                container.state(),
                container.health(),
                List.of(attachment),
                false,
                List.of(),
                OptionalInt.empty(),
                container.startedAt(),
                StopPolicy.DEFAULT);
    }

    private static Inet4Address address(int number) {
        try {
            return (Inet4Address)
                    Inet4Address.getByAddress(new byte[] {(byte) 198, 18, 0, (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static Container any(List<Container> containers, SplittableRandom random) {
        return containers.get(random.nextInt(containers.size()));
    }
}
