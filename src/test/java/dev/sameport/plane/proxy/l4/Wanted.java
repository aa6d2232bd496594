package dev.sameport.plane.proxy.l4;

import dev.sameport.model.Affinity;
import dev.sameport.model.Balance;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.HealthPolicy;
import dev.sameport.model.Mode;
import dev.sameport.model.Phase;
import dev.sameport.model.Policies;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.TcpPolicy;
import dev.sameport.model.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Desired states for tests.
public final class Wanted {
    private Wanted() {}

    /// One service with one port.
    public static Desired port(
            PublishedPort published, Intake intake, Duration hold, List<Endpoint> endpoints) {
        return new Desired(
                1, List.of(service("web", new ServicePort(published, endpoints, intake), hold)));
    }

    static Service service(String name, ServicePort port, Duration hold) {
        return new Service(
                new ServiceName(name), List.of(port), policies(hold, Duration.ofSeconds(30)));
    }

    static Policies policies(Duration hold, Duration drain) {
        return policies(hold, drain, Balance.RANDOM, new Affinity.None());
    }

    static Policies policies(Duration hold, Duration drain, Balance balance, Affinity affinity) {
        return new Policies(
                Mode.AUTO,
                balance,
                affinity,
                hold,
                drain,
                HealthPolicy.DEFAULT,
                null,
                null,
                TcpPolicy.DEFAULT);
    }

    /// The same with another policy for the connections of each service.
    static Desired with(Desired desired, Function<Service, TcpPolicy> tcp) {
        return new Desired(
                desired.generation(),
                desired.services().stream()
                        .map(service ->
                                new Service(
                                        service.name(),
                                        service.ports(),
                                        with(service.policies(), tcp.apply(service))))
                        .toList());
    }

    private static Policies with(Policies usual, TcpPolicy tcp) {
        return new Policies(
                usual.mode(),
                usual.balance(),
                usual.affinity(),
                usual.hold(),
                usual.drain(),
                usual.health(),
                usual.http(),
                usual.tls(),
                tcp);
    }

    /// A port that goes to these addresses, with equal weights.
    public static Desired serving(PublishedPort published, InetSocketAddress... addresses) {
        return port(
                published,
                Intake.SERVE,
                Duration.ofSeconds(5),
                Arrays.stream(addresses).map(address -> endpoint(address, 1)).toList());
    }

    public static Desired holding(PublishedPort published, Duration hold) {
        return port(published, Intake.HOLD, hold, List.of());
    }

    public static Desired refusing(PublishedPort published) {
        return port(published, Intake.REFUSE, Duration.ofSeconds(5), List.of());
    }

    public static Endpoint endpoint(InetSocketAddress address, int weight) {
        EndpointAddresses addresses = EndpointAddresses.of(address);
        EndpointSpec spec =
                new EndpointSpec(
                        id(address),
                        addresses.toString(),
                        addresses,
                        new Reach.Plain(),
                        new Weight(weight),
                        null);
        return new Endpoint(spec, Phase.READY, true, true, false);
    }

    public static EndpointId id(InetSocketAddress address) {
        return new EndpointId(
                new ReplicaId("test", address.getAddress().getHostAddress()), address.getPort());
    }

    /// A port that nothing listened on a moment ago.
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
