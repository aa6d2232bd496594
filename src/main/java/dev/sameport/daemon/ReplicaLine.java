package dev.sameport.daemon;

import dev.sameport.model.Addresses;
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
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A replica as one line of JSON: plain texts and numbers, so that the model stays free of the
/// library.
///
/// @param began when the process with that pid was started, as the kernel says: a pid alone is soon
///   another's
record ReplicaLine(
        String provider,
        String id,
        String name,
        String image,
        SortedMap<String, String> own,
        SortedMap<String, String> fromImage,
        String state,
        String health,
        List<Place> places,
        boolean onHost,
        String joined,
        long namespace,
        List<Port> ports,
        int pid,
        Instant began,
        Instant startedAt,
        String stopSignal,
        long stopMillis) {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /// A place on a network; `bridge` is null where it is not on one of ours.
    record Place(
            String network,
            @Nullable String ipv4,
            @Nullable String ipv6,
            boolean defaultRoute,
            boolean internal,
            @Nullable String bridge) {}

    /// A port that the engine published.
    record Port(String address, int port, int containerPort, String protocol) {}

    /// Null where the replica has no process that tells whether it still is the same.
    static @Nullable ReplicaLine of(Replica replica) {
        if (replica.initPid().isEmpty()) {
            return null;
        }
        int pid = replica.initPid().getAsInt();
        Instant began = began(pid);
        return began == null ? null : of(replica, pid, began);
    }

    private static ReplicaLine of(Replica replica, int pid, Instant began) {
        return new ReplicaLine(
                replica.id().provider(),
                replica.id().id(),
                replica.name(),
                replica.image(),
                replica.own().values(),
                replica.fromImage().values(),
                replica.state().name(),
                replica.health().name(),
                replica.attachments().stream().map(ReplicaLine::place).toList(),
                replica.onHost(),
                replica.joined(),
                replica.namespace(),
                replica.enginePorts().stream().map(ReplicaLine::port).toList(),
                pid,
                began,
                replica.startedAt(),
                replica.stop().signal(),
                replica.stop().timeout().toMillis());
    }

    /// When a process was started; null where it is no more.
    private static @Nullable Instant began(int pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant()).orElse(null);
    }

    private static Place place(Attachment attachment) {
        return new Place(
                attachment.network(),
                attachment.ipv4() == null ? null : Addresses.plain(attachment.ipv4()),
                attachment.ipv6() == null ? null : Addresses.plain(attachment.ipv6()),
                attachment.defaultRoute(),
                attachment.internal(),
                attachment.reach() instanceof Reach.OnBridge(String bridge) ? bridge : null);
    }

    private static Port port(EnginePort port) {
        return new Port(
                Addresses.plain(port.host().getAddress()),
                port.host().getPort(),
                port.containerPort(),
                port.protocol().name());
    }

    /// Whether its process is still the one that it was.
    boolean lives() {
        return began.equals(began(pid));
    }

    String text() {
        return JSON.writeValueAsString(this);
    }

    /// Reads a line back.
    ///
    /// @throws IllegalArgumentException when it is not one
    static ReplicaLine parse(String text) {
        try {
            ReplicaLine line = JSON.readValue(text, ReplicaLine.class);
            var _ = line.replica();
            return line;
        } catch (JacksonException | NullPointerException e) {
            throw new IllegalArgumentException("no replica: " + e.getMessage(), e);
        }
    }

    Replica replica() {
        return new Replica(
                new ReplicaId(provider, id),
                name,
                image,
                new Labels(own),
                new Labels(fromImage),
                Replica.State.valueOf(state),
                Replica.Health.valueOf(health),
                places.stream().map(ReplicaLine::attachment).toList(),
                onHost,
                joined,
                namespace,
                ports.stream().map(ReplicaLine::enginePort).toList(),
                OptionalInt.of(pid),
                startedAt,
                new StopPolicy(stopSignal, Duration.ofMillis(stopMillis)));
    }

    private static Attachment attachment(Place place) {
        return new Attachment(
                place.network(),
                place.ipv4() == null ? null : Inet4Address.ofLiteral(place.ipv4()),
                place.ipv6() == null ? null : six(place.ipv6()),
                place.defaultRoute(),
                place.internal(),
                place.bridge() == null
                        ? new Reach.Unreachable("it was on no bridge of this host")
                        : new Reach.OnBridge(place.bridge()));
    }

    private static Inet6Address six(String text) {
        if (InetAddress.ofLiteral(text) instanceof Inet6Address six) {
            return six;
        }
        throw new IllegalArgumentException("'" + text + "' is not an IPv6 address");
    }

    private static EnginePort enginePort(Port port) {
        return new EnginePort(
                new InetSocketAddress(InetAddress.ofLiteral(port.address()), port.port()),
                port.containerPort(),
                Protocol.valueOf(port.protocol()));
    }
}
