package dev.sameport.plane.nat;

import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Mode;
import dev.sameport.model.Phase;
import dev.sameport.model.Policies;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.TcpPolicy;
import dev.sameport.model.Weight;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/// Short ways to say what is desired.
final class Examples {
    static final HostAddress ANY = HostAddress.any();
    static final HostAddress IPV4 = new HostAddress.AnyOf(Family.IPV4);
    static final HostAddress IPV6 = new HostAddress.AnyOf(Family.IPV6);

    private Examples() {}

    static HostAddress at(String literal) {
        return new HostAddress.One(InetAddress.ofLiteral(literal));
    }

    static PublishedPort tcp(HostAddress address, int port) {
        return new PublishedPort(address, port, Protocol.TCP);
    }

    /// A ready endpoint on port 8080 with address 198.18.0.`number` or fd00::`number`, or both.
    static Endpoint endpoint(int number, int weight, Family... families) {
        return endpoint(number, weight, "br-web", families);
    }

    static Endpoint endpoint(int number, int weight, String bridge, Family... families) {
        boolean four = List.of(families).contains(Family.IPV4);
        boolean six = List.of(families).contains(Family.IPV6);
        return endpoint(
                "web-" + number,
                new EndpointAddresses(
                        four ? (Inet4Address) InetAddress.ofLiteral(ipv4(number)) : null,
                        six
                                ? (Inet6Address) InetAddress.ofLiteral("fd00::%x".formatted(number))
                                : null,
                        8080),
                weight,
                new Reach.OnBridge(bridge));
    }

    static Endpoint endpoint(String name, EndpointAddresses addresses, int weight, Reach reach) {
        EndpointId id = new EndpointId(new ReplicaId("test", name), addresses.port());
        EndpointSpec spec = new EndpointSpec(id, name, addresses, reach, new Weight(weight), null);
        return new Endpoint(spec, Phase.READY, true, true, true);
    }

    /// Another replica at an endpoint's address, as in a sandbox.
    static Endpoint member(String name, Endpoint place) {
        EndpointSpec at = place.spec();
        return endpoint(name, at.addresses(), at.weight().value(), at.reach());
    }

    /// The same endpoint in another phase, taking no new connections.
    static Endpoint in(Phase phase, Endpoint endpoint) {
        return new Endpoint(endpoint.spec(), phase, true, false, endpoint.natWorks());
    }

    static Endpoint untried(Endpoint endpoint) {
        return new Endpoint(
                endpoint.spec(), endpoint.phase(), endpoint.accepting(), endpoint.serving(), false);
    }

    private static String ipv4(int number) {
        return "198.18." + number / 250 + "." + (number % 250 + 1);
    }

    static ServicePort serve(PublishedPort published, Endpoint... endpoints) {
        return new ServicePort(published, List.of(endpoints), Intake.SERVE);
    }

    static ServicePort hold(PublishedPort published) {
        return new ServicePort(published, List.of(), Intake.HOLD);
    }

    static ServicePort refuse(PublishedPort published) {
        return new ServicePort(published, List.of(), Intake.REFUSE);
    }

    static Service service(String name, ServicePort... ports) {
        return new Service(new ServiceName(name), List.of(ports), Policies.DEFAULT);
    }

    static Service service(Mode mode, ServicePort... ports) {
        Policies usual = Policies.DEFAULT;
        Policies policies =
                new Policies(
                        mode,
                        usual.balance(),
                        usual.affinity(),
                        usual.hold(),
                        usual.drain(),
                        usual.health(),
                        null,
                        null,
                        TcpPolicy.DEFAULT);
        return new Service(new ServiceName("web"), List.of(ports), policies);
    }

    static Desired desired(Service... services) {
        return new Desired(1, List.of(services));
    }

    static Desired desired(ServicePort... ports) {
        return desired(service("web", ports));
    }
}
