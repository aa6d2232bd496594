package dev.sameport.config;

import dev.sameport.model.Attachment;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EnginePort;
import dev.sameport.model.Protocol;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Chooses by which of a replica's addresses it is reached; says so where there is none. Confined
/// to one interpretation.
final class AddressChoice {
    private static final Comparator<Attachment> PREFERENCE =
            Comparator.comparing((Attachment attachment) -> !attachment.defaultRoute())
                    .thenComparing(Attachment::network);

    private final Replica replica;
    private final String subject;
    private final @Nullable String network;
    private final Problems problems;

    /// A thousand ports that can't be reached are one problem.
    private boolean reported;

    /// @param network the network to reach it by; null is that of the default route
    AddressChoice(Replica replica, @Nullable String network, Problems problems) {
        this.replica = replica;
        this.subject = Asker.subject(replica);
        this.network = network;
        this.problems = problems;
    }

    /// Where container port `port` is reached, or null.
    @Nullable Placed place(int port) {
        if (replica.onHost()) {
            return placed(InetAddress.ofLiteral("127.0.0.1"), port, new Reach.OnHost());
        }
        List<Attachment> candidates = candidates();
        for (Attachment attachment : candidates) {
            Placed placed = reachable(attachment, port);
            if (placed != null) {
                return placed;
            }
        }
        boolean onlyInternal = candidates.isEmpty() && !replica.attachments().isEmpty();
        if (onlyInternal) {
            return internal();
        }
        Placed published = throughPublished(port);
        if (published == null && !reported && replica.state() != Replica.State.RESTARTING) {
            reported = true;
            problems.add(
                    subject,
                    "port " + port + " can't be reached: " + reasons(candidates),
                    "attach it to a bridge network of this engine, or publish the port on 127.0.0.1"
                            + " with the engine");
        }
        return published;
    }

    /// The networks that it may be reached by, the best first. Internal ones never are.
    private List<Attachment> candidates() {
        List<Attachment> chosen = chosen();
        return chosen.stream()
                .filter(attachment -> !attachment.internal())
                .sorted(PREFERENCE)
                .toList();
    }

    private List<Attachment> chosen() {
        if (network == null) {
            return replica.attachments();
        }
        List<Attachment> chosen = named(network);
        String project = replica.own().get("com.docker.compose.project");
        if (chosen.isEmpty() && project != null) {
            chosen = named(project + "_" + network);
        }
        if (chosen.isEmpty() && !replica.attachments().isEmpty()) {
            problems.add(
                    subject + " label " + SameportLabels.NETWORK,
                    "it is not attached to network "
                            + Escaped.quoted(network)
                            + ", only to "
                            + names(replica.attachments())
                            + ", so the network of its default route is used",
                    "name one of those, or attach it");
            return replica.attachments();
        }
        return chosen;
    }

    private List<Attachment> named(String name) {
        return replica.attachments().stream()
                .filter(attachment -> attachment.network().equals(name))
                .toList();
    }

    private @Nullable Placed internal() {
        problems.add(
                subject,
                "network "
                        + names(chosen())
                        + " is internal, and nothing is published from an internal network",
                "attach it to another network, and choose that with " + SameportLabels.NETWORK);
        return null;
    }

    private static String names(List<Attachment> attachments) {
        return attachments.stream()
                .map(attachment -> Escaped.quoted(attachment.network()))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static @Nullable Placed reachable(Attachment attachment, int port) {
        if (attachment.reach() instanceof Reach.Unreachable
                || (attachment.ipv4() == null && attachment.ipv6() == null)) {
            return null;
        }
        return new Placed(
                new EndpointAddresses(attachment.ipv4(), attachment.ipv6(), port),
                attachment.reach());
    }

    private static String reasons(List<Attachment> candidates) {
        if (candidates.isEmpty()) {
            return "it has no network";
        }
        return candidates.stream()
                .map(attachment ->
                        attachment.reach() instanceof Reach.Unreachable(String reason)
                                ? "network "
                                        + Escaped.quoted(attachment.network())
                                        + ": "
                                        + Escaped.text(reason)
                                : "network "
                                        + Escaped.quoted(attachment.network())
                                        + " gives it no address")
                .collect(Collectors.joining("; "));
    }

    /// A port that the engine published on loopback, as a rootless one must.
    private @Nullable Placed throughPublished(int port) {
        return replica.enginePorts().stream()
                .filter(enginePort -> enginePort.containerPort() == port)
                .filter(enginePort -> enginePort.protocol() == Protocol.TCP)
                .map(AddressChoice::loopback)
                .flatMap(Optional::stream)
                .min(
                        Comparator.comparing((InetSocketAddress at) ->
                                        !(at.getAddress() instanceof Inet4Address))
                                .thenComparing(at -> at.getAddress().getHostAddress())
                                .thenComparingInt(InetSocketAddress::getPort))
                .map(at -> placed(at.getAddress(), at.getPort(), new Reach.ThroughPublished(at)))
                .orElse(null);
    }

    private static Optional<InetSocketAddress> loopback(EnginePort enginePort) {
        InetAddress host = enginePort.host().getAddress();
        if (host == null || enginePort.host().getPort() == 0) {
            return Optional.empty();
        }
        if (host.isAnyLocalAddress()) {
            String own = host instanceof Inet4Address ? "127.0.0.1" : "::1";
            host = InetAddress.ofLiteral(own);
        }
        return host.isLoopbackAddress()
                ? Optional.of(new InetSocketAddress(host, enginePort.host().getPort()))
                : Optional.empty();
    }

    private static Placed placed(InetAddress address, int port, Reach reach) {
        return new Placed(EndpointAddresses.of(new InetSocketAddress(address, port)), reach);
    }
}
