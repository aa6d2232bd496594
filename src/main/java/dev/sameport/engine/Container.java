package dev.sameport.engine;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A container as `GET /containers/{id}/json` tells, as far as it matters here.
///
/// @param name without the leading slash
/// @param image the name that it was made from
/// @param imageId the image's id
/// @param labels its own and its image's together, as engines give them
/// @param status `created`, `running`, `paused`, `restarting`, `exited`, `dead` …, lower case
/// @param pid its first process in the engine's pid namespace; 0 where none runs
/// @param health `starting`, `healthy`, `unhealthy`; empty without a check
/// @param stopSignal as written, such as `SIGQUIT` or `15`; empty for the default
/// @param stopTimeout seconds; -1 for the engine's default
/// @param networkMode `host`, `none`, `container:ID`, `bridge` or a network's name
public record Container(
        String id,
        String name,
        String image,
        String imageId,
        Map<String, String> labels,
        String status,
        int pid,
        Instant startedAt,
        String health,
        String stopSignal,
        int stopTimeout,
        String networkMode,
        List<Attached> networks,
        List<Published> ports) {

    /// One network that it is on.
    ///
    /// @param networkId what `GET /networks/{id}` takes: Docker's id; Podman has the name here
    public record Attached(
            String network,
            String networkId,
            @Nullable InetAddress ipv4,
            @Nullable InetAddress ipv6,
            @Nullable InetAddress gateway) {
        /// Whether it has an address there.
        public boolean hasAddress() {
            return ipv4 != null || ipv6 != null;
        }
    }

    /// One port that the engine publishes for it.
    ///
    /// @param protocol `tcp`, `udp` or `sctp`
    public record Published(
            int containerPort, String protocol, InetAddress hostAddress, int hostPort) {}

    static Container read(Json json) {
        Json config = json.object("Config");
        Json state = json.object("State");
        Json networking = json.object("NetworkSettings");
        String name = json.needText("Name");
        return new Container(
                json.needText("Id"),
                name.startsWith("/") ? name.substring(1) : name,
                config.text("Image"),
                json.text("Image"),
                config.texts("Labels"),
                state.text("Status").toLowerCase(Locale.ROOT),
                state.integer("Pid", 0, Integer.MAX_VALUE, 0),
                state.time("StartedAt"),
                health(state),
                config.text("StopSignal"),
                config.integer("StopTimeout", -1, Integer.MAX_VALUE, -1),
                json.object("HostConfig").text("NetworkMode"),
                networks(networking.object("Networks")),
                published(networking.object("Ports")));
    }

    private static String health(Json state) {
        String status = state.object("Health").text("Status").toLowerCase(Locale.ROOT);
        return status.equals("none") ? "" : status;
    }

    private static List<Attached> networks(Json networks) {
        List<Attached> attached = new ArrayList<>();
        networks.fields((name, network) ->
                attached.add(
                        new Attached(
                                name,
                                network.text("NetworkID"),
                                network.address("IPAddress"),
                                network.address("GlobalIPv6Address"),
                                network.address("Gateway"))));
        return List.copyOf(attached);
    }

    private static List<Published> published(Json ports) {
        List<Published> published = new ArrayList<>();
        ports.fields((port, bindings) -> {
            int slash = port.indexOf('/');
            for (Json binding : bindings.elements()) {
                if (binding.text("HostPort").isEmpty() || binding.text("HostPort").equals("0")) {
                    continue; // to be chosen when it starts
                }
                published.add(
                        new Published(
                                port(bindings, slash < 0 ? port : port.substring(0, slash)),
                                slash < 0 ? "tcp" : port.substring(slash + 1),
                                host(binding),
                                port(bindings, binding.text("HostPort"))));
            }
        });
        return List.copyOf(published);
    }

    private static InetAddress host(Json binding) {
        InetAddress address = binding.address("HostIp");
        return address == null ? InetAddress.ofLiteral("0.0.0.0") : address;
    }

    private static int port(Json where, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Said below, with the value.
        }
        throw new EngineException(
                where.where() + ": " + where.path() + ": port '" + text + "' is outside 1–65535");
    }
}
