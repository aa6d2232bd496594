package dev.sameport.plane.nat;

import dev.sameport.model.Addresses;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Mode;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.PortOutcome.Carried;
import dev.sameport.plane.PortOutcome.Declined;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides whether the kernel can carry a published port, and if not, why.
final class Offload {
    /// Interface names that nft reads as they are: it would take a final `*` for a pattern.
    private static final Pattern BRIDGE = Pattern.compile("[A-Za-z0-9_.:@+=-]{1,15}");

    private Offload() {}

    /// The outcome for `port`, provided that the rules can be loaded.
    ///
    /// @param trials what the last trial of an endpoint told
    static PortOutcome judge(
            Service service, ServicePort port, Map<EndpointId, TrialResult> trials) {
        String reason = reason(service, port, trials);
        return reason.isEmpty() ? new Carried() : new Declined(reason);
    }

    private static String reason(
            Service service, ServicePort port, Map<EndpointId, TrialResult> trials) {
        PublishedPort published = port.published();
        if (published.protocol() != Protocol.TCP) {
            return "nat carries only TCP so far";
        }
        if (service.policies().http() != null) {
            return "HTTP is spoken by the proxy";
        }
        if (port.shared()) {
            return "services share it by server name, which the proxy reads";
        }
        Mode mode = service.policies().mode();
        // Nat brings connections to a sandbox as to any other endpoint.
        if (mode == Mode.PROXY) {
            return "sameport.mode is " + mode.name().toLowerCase(Locale.ROOT);
        }
        return switch (port.intake()) {
            case Intake.HOLD, Intake.REFUSE -> "";
            case Intake.SERVE ->
                    Stream.of(addressReason(published), endpointsReason(port, trials))
                            .filter(reason -> !reason.isEmpty())
                            .findFirst()
                            .orElse("");
        };
    }

    private static String addressReason(PublishedPort published) {
        if (!(published.address() instanceof HostAddress.One(InetAddress address))) {
            return "";
        }
        if (address.isLoopbackAddress()) {
            return "loopback is served by the listener";
        }
        // The kernel forwards no packet to or from an IPv6 link-local address.
        return address.isLinkLocalAddress() && Family.of(address) == Family.IPV6
                ? Addresses.text(address) + " is link-local"
                : "";
    }

    private static String endpointsReason(ServicePort port, Map<EndpointId, TrialResult> trials) {
        for (Endpoint endpoint : port.serving()) {
            String reason = endpointReason(endpoint, trials);
            if (!reason.isEmpty()) {
                return "endpoint %s (%s) %s"
                        .formatted(endpoint.spec().name(), endpoint.spec().addresses(), reason);
            }
        }
        for (Family family : Family.values()) {
            if (!NatState.shares(port, family, trials).isEmpty()) {
                return "";
            }
        }
        return "there is no family of the published address over which its endpoints are reached"
                + " through nat";
    }

    private static String endpointReason(Endpoint endpoint, Map<EndpointId, TrialResult> trials) {
        return switch (endpoint.spec().reach()) {
            case Reach.OnBridge(String bridge) when !BRIDGE.matcher(bridge).matches() ->
                    "is on a bridge whose name can't be written in rules: " + bridge;
            case Reach.OnBridge _ when !endpoint.natWorks() ->
                    "is not seen to work through nat: " + reason(trials.get(endpoint.id()));
            case Reach.OnBridge _ -> "";
            case Reach.OnHost _ -> "shares the host's network";
            case Reach.ThroughPublished(var through) ->
                    "is reached through "
                            + Addresses.text(through)
                            + ", which its engine published";
            case Reach.Plain _ -> "is a plain address, not on a bridge of this host";
            case Reach.Unreachable(String why) -> "can't be reached: " + why;
        };
    }

    private static String reason(@Nullable TrialResult trial) {
        return trial == null || trial.reason().isEmpty() ? "not tried yet" : trial.reason();
    }
}
