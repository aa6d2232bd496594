package dev.sameport.provider.engine;

import dev.sameport.engine.Container;
import dev.sameport.engine.Network;
import dev.sameport.model.Attachment;
import dev.sameport.model.EnginePort;
import dev.sameport.model.Labels;
import dev.sameport.model.Protocol;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.StopPolicy;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns what an engine says of a container into a replica.
final class ReplicaReader {
    private static final String COMPOSE = "com.docker.compose.";
    private static final List<String> COMPOSE_MADE_IT =
            List.of(COMPOSE + "container-number", COMPOSE + "config-hash");

    private static final String JOINED = "container:";

    private final String provider;
    private final Reachability reachability;

    ReplicaReader(String provider, Reachability reachability) {
        this.provider = provider;
        this.reachability = reachability;
    }

    /// @param networks by what the container calls them
    /// @param imageLabels the image's labels, null where the image is gone: then no label of ours
    ///   can be told to be the container's own
    Replica read(
            Container container,
            Map<String, Network> networks,
            @Nullable Map<String, String> imageLabels) {
        boolean alive = container.pid() > 0;
        // One that is being restarted has no process to ask, and will be there again.
        boolean onHost =
                container.networkMode().equals("host")
                        && (!alive || reachability.onHost(container.pid()));
        Map<String, String> inherited = imageLabels == null ? container.labels() : imageLabels;
        return new Replica(
                new ReplicaId(provider, container.id()),
                container.name(),
                container.image().isEmpty() ? container.imageId() : container.image(),
                Labels.of(own(container.labels(), inherited)),
                Labels.of(inherited),
                state(container.status()),
                health(container.health()),
                onHost ? List.of() : attachments(container, networks),
                onHost,
                joined(container.networkMode()),
                alive ? reachability.namespace(container.pid()) : 0,
                ports(container),
                alive ? OptionalInt.of(container.pid()) : OptionalInt.empty(),
                container.startedAt(),
                stop(container));
    }

    /// Those that the image does not have alike. Compose writes project and service on the images
    /// that it builds, too; what tells its containers are labels that no image gets from it.
    private static Map<String, String> own(
            Map<String, String> labels, Map<String, String> inherited) {
        TreeMap<String, String> own = new TreeMap<>(labels);
        own.entrySet().removeAll(inherited.entrySet());
        if (COMPOSE_MADE_IT.stream().anyMatch(own::containsKey)) {
            labels.forEach((key, value) -> {
                if (key.startsWith(COMPOSE)) {
                    own.put(key, value);
                }
            });
        }
        return own;
    }

    /// `container:ID`, whichever engine: both put the id there, whatever name was given.
    private static String joined(String networkMode) {
        return networkMode.startsWith(JOINED) ? networkMode.substring(JOINED.length()) : "";
    }

    private static Replica.State state(String status) {
        return switch (status) {
            case "running", "stopping" -> Replica.State.RUNNING;
            case "paused" -> Replica.State.PAUSED;
            case "restarting" -> Replica.State.RESTARTING;
            case "created", "configured", "initialized" -> Replica.State.CREATED;
            default -> Replica.State.EXITED;
        };
    }

    private static Replica.Health health(String status) {
        return switch (status) {
            case "healthy" -> Replica.Health.HEALTHY;
            case "unhealthy" -> Replica.Health.UNHEALTHY;
            case "starting" -> Replica.Health.STARTING;
            default -> Replica.Health.NONE;
        };
    }

    private static StopPolicy stop(Container container) {
        return new StopPolicy(
                container.stopSignal().isEmpty()
                        ? StopPolicy.DEFAULT.signal()
                        : container.stopSignal(),
                container.stopTimeout() < 0
                        ? StopPolicy.DEFAULT.timeout()
                        : Duration.ofSeconds(container.stopTimeout()));
    }

    private List<Attachment> attachments(Container container, Map<String, Network> networks) {
        InetAddress route =
                container.pid() > 0 ? reachability.defaultGateway(container.pid()) : null;
        List<Attachment> attachments = new ArrayList<>();
        for (Container.Attached attached : container.networks()) {
            InetAddress address = attached.ipv4() != null ? attached.ipv4() : attached.ipv6();
            if (address == null) {
                continue;
            }
            Network network = networks.get(attached.networkId());
            attachments.add(
                    new Attachment(
                            attached.network(),
                            attached.ipv4() instanceof Inet4Address four ? four : null,
                            attached.ipv6() instanceof Inet6Address six ? six : null,
                            route != null && route.equals(attached.gateway()),
                            network != null && network.internal(),
                            network == null && container.pid() > 0
                                    ? unlisted(attached)
                                    : reach(container, address)));
        }
        return attachments;
    }

    /// Whether it is `--internal` can't be told, so nothing is published from it.
    private static Reach unlisted(Container.Attached attached) {
        return new Reach.Unreachable("the engine knows no network " + attached.network());
    }

    private Reach reach(Container container, InetAddress address) {
        return container.pid() > 0
                ? reachability.reach(container.pid(), address)
                : new Reach.Unreachable("it does not run");
    }

    private static List<EnginePort> ports(Container container) {
        return container.ports().stream()
                .filter(port -> port.protocol().equals("tcp") || port.protocol().equals("udp"))
                .map(port ->
                        new EnginePort(
                                new InetSocketAddress(port.hostAddress(), port.hostPort()),
                                port.containerPort(),
                                port.protocol().equals("tcp") ? Protocol.TCP : Protocol.UDP))
                .toList();
    }
}
