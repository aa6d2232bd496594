package dev.sameport.admin;

import dev.sameport.model.Affinity;
import dev.sameport.model.Attachment;
import dev.sameport.model.Balance;
import dev.sameport.model.Change;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Family;
import dev.sameport.model.HealthPolicy;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Labels;
import dev.sameport.model.Mode;
import dev.sameport.model.Phase;
import dev.sameport.model.Policies;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Problem;
import dev.sameport.model.Protocol;
import dev.sameport.model.ProviderStatus;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.Snapshot;
import dev.sameport.model.StopPolicy;
import dev.sameport.model.TcpPolicy;
import dev.sameport.model.Weight;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A made-up machine with every phase, intake, reach and kind of note.
public final class Sample {
    static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123Z");

    private static final Reach BRIDGE = new Reach.OnBridge("br-shop");

    private Sample() {}

    /// One container, address or process.
    private record Made(
            String provider,
            String name,
            int port,
            @Nullable String ipv4,
            @Nullable String ipv6,
            Reach reach) {

        Endpoint as(Phase phase, boolean accepting, boolean serving, boolean nat) {
            return as(phase, accepting, serving, nat, Replica.Health.NONE, 1);
        }

        Endpoint as(
                Phase phase,
                boolean accepting,
                boolean serving,
                boolean nat,
                Replica.Health health,
                int weight) {
            ReplicaId id =
                    new ReplicaId(provider, provider.equals("address") ? name : hexadecimal());
            EndpointSpec spec =
                    new EndpointSpec(
                            new EndpointId(id, port),
                            name,
                            new EndpointAddresses(
                                    ipv4 == null ? null : Inet4Address.ofLiteral(ipv4),
                                    ipv6 == null
                                            ? null
                                            : (Inet6Address) InetAddress.ofLiteral(ipv6),
                                    port),
                            reach,
                            new Weight(weight),
                            provider.equals("address") ? null : replica(id, health));
            return new Endpoint(spec, phase, accepting, serving, nat);
        }

        private String hexadecimal() {
            return String.format("%08x", name.hashCode()).repeat(8);
        }

        private Replica replica(ReplicaId id, Replica.Health health) {
            return new Replica(
                    id,
                    name,
                    "registry.example/shop:2",
                    Labels.of(Map.of("sameport.publish", "80:8080")),
                    Labels.NONE,
                    Replica.State.RUNNING,
                    health,
                    List.<Attachment>of(),
                    false,
                    List.of(),
                    OptionalInt.of(4711),
                    NOON,
                    StopPolicy.DEFAULT);
        }
    }

    private static Made container(String name, int number) {
        return new Made("docker", name, 8080, "198.18.0." + number, "fd00::" + number, BRIDGE);
    }

    static final Endpoint READY =
            container("shop_web_1", 2).as(Phase.READY, true, true, true, Replica.Health.HEALTHY, 3);
    private static final Endpoint UNTRIED =
            container("shop_web_2", 3).as(Phase.READY, true, true, false);
    private static final Endpoint DRAINING =
            container("shop_web_3", 4).as(Phase.DRAINING, true, false, true);
    private static final Endpoint STARTING =
            container("shop_web_4", 5).as(Phase.STARTING, false, false, false);
    private static final Endpoint CHECKING =
            container("shop_web_5", 6)
                    .as(Phase.STARTING, true, false, false, Replica.Health.STARTING, 1);
    private static final Endpoint PAUSED =
            container("shop_web_6", 7).as(Phase.PAUSED, false, false, true);
    private static final Endpoint LAST_RESORT =
            new Made("podman", "api", 9000, "198.18.1.2", null, new Reach.OnHost())
                    .as(Phase.UNHEALTHY, true, true, false, Replica.Health.UNHEALTHY, 1);
    private static final Endpoint DEAF =
            new Made("podman", "api-b", 9000, "198.18.1.3", null, BRIDGE)
                    .as(Phase.UNHEALTHY, false, false, false);
    private static final Endpoint ROOTLESS =
            new Made(
                            "podman:/run/user/1000/podman/podman.sock",
                            "blog",
                            8081,
                            "127.0.0.1",
                            null,
                            new Reach.ThroughPublished(
                                    new InetSocketAddress(
                                            InetAddress.ofLiteral("127.0.0.1"), 40123)))
                    .as(Phase.READY, true, true, false);
    private static final Endpoint PLAIN =
            new Made("address", "[fd00::99]:8080", 8080, null, "fd00::99", new Reach.Plain())
                    .as(Phase.READY, true, true, false, Replica.Health.NONE, 0);

    private static final Endpoint MEMBER = inSandbox("web-1", Phase.READY, 1);
    private static final Endpoint LEAVING = inSandbox("web-2", Phase.DRAINING, 3);

    private static Endpoint inSandbox(String name, Phase phase, int weight) {
        boolean ready = phase == Phase.READY;
        Endpoint alone =
                container(name, 8).as(phase, true, ready, true, Replica.Health.NONE, weight);
        EndpointSpec spec = alone.spec();
        Replica owner = container("sameport-web", 8).as(phase, true, ready, true).spec().replica();
        return new Endpoint(
                new EndpointSpec(
                        spec.id(),
                        spec.name(),
                        spec.addresses(),
                        spec.reach(),
                        spec.weight(),
                        spec.replica(),
                        new Sandbox("sameport-web", owner, false)),
                phase,
                true,
                ready,
                true);
    }

    /// A name that an engine should refuse, but an attacker's would not.
    private static final Endpoint ODD =
            new Made("podman", "evil\u001b[2J\u202e\nname", 80, "198.18.1.9", null, BRIDGE)
                    .as(Phase.GONE, false, false, false);

    private static ServicePort port(PublishedPort published, Intake intake, Endpoint... endpoints) {
        return new ServicePort(published, List.of(endpoints), intake);
    }

    private static Service service(String name, Policies policies, ServicePort... ports) {
        return new Service(new ServiceName(name), List.of(ports), policies);
    }

    static final PublishedPort LOOPBACK =
            new PublishedPort(
                    new HostAddress.One(InetAddress.ofLiteral("127.0.0.1")), 9443, Protocol.TCP);
    private static final PublishedPort IPV6 =
            new PublishedPort(new HostAddress.AnyOf(Family.IPV6), 8443, Protocol.TCP);

    private static List<Service> services() {
        Policies strict =
                new Policies(
                        Mode.NAT,
                        Balance.RANDOM,
                        new Affinity.None(),
                        Duration.ofMillis(1500),
                        Duration.ofMinutes(2),
                        new HealthPolicy(
                                true, 0, Duration.ofSeconds(5), Duration.ofSeconds(2), 1, 2, null),
                        null,
                        null,
                        TcpPolicy.DEFAULT);
        return List.of(
                service(
                        "api",
                        Policies.DEFAULT,
                        port(PublishedPort.tcp(9000), Intake.SERVE, LAST_RESORT, DEAF)),
                service("blog", Policies.DEFAULT, port(LOOPBACK, Intake.SERVE, ROOTLESS)),
                service("far", Policies.DEFAULT, port(IPV6, Intake.SERVE, PLAIN)),
                service("held", Policies.DEFAULT, port(PublishedPort.tcp(81), Intake.HOLD, ODD)),
                service("late", strict, port(PublishedPort.tcp(8080), Intake.REFUSE)),
                service("refused", Policies.DEFAULT, port(PublishedPort.tcp(82), Intake.REFUSE)),
                service(
                        "shared",
                        Policies.DEFAULT,
                        port(PublishedPort.tcp(83), Intake.SERVE, MEMBER, LEAVING)),
                service(
                        "shop_web",
                        Policies.DEFAULT,
                        port(
                                PublishedPort.tcp(80),
                                Intake.SERVE,
                                READY,
                                UNTRIED,
                                DRAINING,
                                STARTING,
                                CHECKING,
                                PAUSED),
                        port(PublishedPort.tcp(443), Intake.SERVE, READY)));
    }

    private static Map<PublishedPort, PortStatus> ports() {
        Map<PublishedPort, PortStatus> ports = new LinkedHashMap<>();
        for (PortStatus status :
                List.of(
                        new PortStatus(PublishedPort.tcp(80), "nat", "", null),
                        new PortStatus(PublishedPort.tcp(443), "nat", "", null),
                        new PortStatus(
                                PublishedPort.tcp(9000),
                                "proxy",
                                "shares the host's network",
                                null),
                        new PortStatus(
                                LOOPBACK,
                                "proxy",
                                "nothing but its published port is reachable",
                                null),
                        new PortStatus(IPV6, "proxy", "the endpoints are plain addresses", null),
                        new PortStatus(PublishedPort.tcp(81), "nat", "", null),
                        new PortStatus(PublishedPort.tcp(83), "reuseport", "behind nat", null),
                        new PortStatus(
                                PublishedPort.tcp(8080),
                                "none",
                                "",
                                new Problem(
                                        "port 8080/tcp",
                                        "haproxy (pid 812) listens there",
                                        "stop it, or publish another port")))) {
            ports.put(status.published(), status);
        }
        return ports;
    }

    /// The whole machine.
    public static Snapshot snapshot() {
        return new Snapshot(
                42,
                NOON,
                services(),
                ports(),
                Map.of(READY.id(), 12_345L, UNTRIED.id(), 12L, LAST_RESORT.id(), 7L),
                List.of(
                        new Problem(
                                "port 8080/tcp",
                                "haproxy (pid 812) listens there",
                                "stop it, or publish another port"),
                        new Problem(
                                "container shop_web_9 label sameport.weigth",
                                "there is no such label",
                                "did you mean sameport.weight?"),
                        new Problem(
                                "container evil\u001b[2J", "its name\nhas two lines", "rename it")),
                List.of(
                        new ProviderStatus("docker", "Docker 29.0.0, API 1.52", 6, null),
                        new ProviderStatus(
                                "podman",
                                "unix:///run/podman/podman.sock",
                                0,
                                new Problem(
                                        "engine podman",
                                        "connection refused",
                                        "start podman.socket"))));
    }

    static List<Change> changes() {
        return List.of(
                new Change(41, NOON, "endpoint shop_web_1:8080", "starting → ready"),
                new Change(42, NOON.plusMillis(7), "port 80/tcp", "shop_web served by nat"),
                new Change(42, NOON.plusMillis(8), "endpoint evil\u001b[2J:80", "gone"));
    }

    static List<Check> checks() {
        return List.of(
                new Check("nftables", Check.Outcome.OK, "libnftables 1.0.6", ""),
                new Check(
                        "forwarding",
                        Check.Outcome.WARN,
                        "net.ipv6.conf.all.forwarding is 0",
                        "set it to 1, or IPv6 is served by the listener"),
                new Check(
                        "engine podman",
                        Check.Outcome.FAIL,
                        "connection refused",
                        "start podman.socket"));
    }

    /// A machine with `count` services of three replicas each.
    static Snapshot large(int count) {
        List<Service> services = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Endpoint> endpoints = new ArrayList<>();
            for (int j = 1; j <= 3; j++) {
                endpoints.add(
                        new Made(
                                        "docker",
                                        "web" + i + "_" + j,
                                        80,
                                        "198.18." + i / 250 + "." + i % 250,
                                        null,
                                        BRIDGE)
                                .as(Phase.READY, true, true, true));
            }
            services.add(
                    new Service(
                            new ServiceName("web" + i),
                            List.of(
                                    new ServicePort(
                                            PublishedPort.tcp(1000 + i), endpoints, Intake.SERVE)),
                            Policies.DEFAULT));
        }
        return new Snapshot(1, NOON, services, Map.of(), Map.of(), List.of(), List.of());
    }
}
