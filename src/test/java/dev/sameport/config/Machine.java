package dev.sameport.config;

import dev.sameport.model.Attachment;
import dev.sameport.model.Claimable;
import dev.sameport.model.Claims;
import dev.sameport.model.Declaration;
import dev.sameport.model.EnginePort;
import dev.sameport.model.Labels;
import dev.sameport.model.Protocol;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.ServiceName;
import dev.sameport.model.StopPolicy;
import dev.sameport.provider.Observation;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/// A made-up machine, built by hand or from a golden file: containers, declarations, claims.
final class Machine {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /// One container while it is described.
    static final class Container {
        final String provider;
        final String name;
        String id;
        String image = "app";
        Instant startedAt = START;
        Replica.State state = Replica.State.RUNNING;
        final TreeMap<String, String> own = new TreeMap<>();
        final TreeMap<String, String> fromImage = new TreeMap<>();
        List<Attachment> attachments = new ArrayList<>();
        boolean onHost;
        String joined = "";
        long namespace;
        final List<EnginePort> ports = new ArrayList<>();

        Container(String provider, String name) {
            this.provider = provider;
            this.name = name;
            this.id = "id-" + name;
        }

        Container label(String key, String value) {
            own.put(key, value);
            return this;
        }

        Container publish(String value) {
            return label("sameport.publish", value);
        }

        Container service(String value) {
            return label("sameport.service", value);
        }

        Container compose(String project, String service) {
            label("com.docker.compose.project", project);
            return label("com.docker.compose.service", service);
        }

        Container image(String image) {
            this.image = image;
            return this;
        }

        Container state(Replica.State state) {
            this.state = state;
            return this;
        }

        Container started(int second) {
            startedAt = START.plusSeconds(second);
            return this;
        }

        Container network(Attachment attachment) {
            attachments.add(attachment);
            return this;
        }

        Container port(String host, int hostPort, int containerPort) {
            ports.add(
                    new EnginePort(
                            new InetSocketAddress(InetAddress.ofLiteral(host), hostPort),
                            containerPort,
                            Protocol.TCP));
            return this;
        }

        Replica replica() {
            return new Replica(
                    new ReplicaId(provider, id),
                    name,
                    image,
                    new Labels(own),
                    new Labels(fromImage),
                    state,
                    Replica.Health.NONE,
                    attachments,
                    onHost,
                    joined,
                    namespace,
                    ports,
                    OptionalInt.empty(),
                    startedAt,
                    StopPolicy.DEFAULT);
        }
    }

    final List<Container> containers = new ArrayList<>();
    final List<Declaration> declarations = new ArrayList<>();
    final TreeMap<Claimable, ServiceName> claims = new TreeMap<>();
    boolean trustImageLabels;

    /// A running container with an address on the default bridge.
    Container add(String name) {
        Container container = bare("docker", name);
        container.network(bridge("bridge", 10 + containers.size()));
        return container;
    }

    /// A running container without any network.
    Container bare(String provider, String name) {
        Container container = new Container(provider, name);
        containers.add(container);
        return container;
    }

    Machine declare(String name, Map<String, String> settings, Declaration.Member... members) {
        declarations.add(
                new Declaration(
                        "publish", new ServiceName(name), Labels.of(settings), List.of(members)));
        return this;
    }

    /// The default network of a container, numbered.
    static Attachment bridge(String network, int number) {
        return new Attachment(
                network,
                (Inet4Address) InetAddress.ofLiteral("198.18.0." + number),
                null,
                true,
                false,
                new Reach.OnBridge("docker0"));
    }

    /// An attachment of any kind.
    static Attachment attachment(
            String network,
            String ipv4,
            String ipv6,
            boolean route,
            boolean internal,
            Reach reach) {
        return new Attachment(
                network,
                ipv4.isEmpty() ? null : (Inet4Address) InetAddress.ofLiteral(ipv4),
                ipv6.isEmpty() ? null : (Inet6Address) InetAddress.ofLiteral(ipv6),
                route,
                internal,
                reach);
    }

    /// One observation of each provider.
    List<Observation.Complete> observations() {
        TreeMap<String, List<Replica>> byProvider = new TreeMap<>();
        for (Container container : containers) {
            byProvider
                    .computeIfAbsent(container.provider, _ -> new ArrayList<>())
                    .add(container.replica());
        }
        List<Observation.Complete> observations = new ArrayList<>();
        byProvider.forEach((provider, replicas) ->
                observations.add(new Observation.Complete(provider, replicas, List.of())));
        observations.add(new Observation.Complete("publish", List.of(), declarations));
        return observations;
    }

    Interpretation interpret() {
        return interpret(new Claims(claims));
    }

    Interpretation interpret(Claims before) {
        return Interpreter.interpret(
                observations(), before, new InterpreterOptions(trustImageLabels));
    }
}
