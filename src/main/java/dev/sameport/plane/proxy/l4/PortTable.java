package dev.sameport.plane.proxy.l4;

import dev.sameport.balance.Chooser;
import dev.sameport.balance.Keys;
import dev.sameport.health.EndpointAddress;
import dev.sameport.model.Affinity;
import dev.sameport.model.Balance;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Family;
import dev.sameport.model.Policies;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.TcpPolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happens to the new connections of one published port: an immutable table, swapped as a
/// whole.
///
/// @param service whose port it is; its policies count
/// @param source what it was made from
/// @param rows the serving endpoints
/// @param chooser chooses among `rows` by index
/// @param places the connections that the service has at a time
public record PortTable(
        Service service, ServicePort source, List<Row> rows, Chooser chooser, Places places) {
    public PortTable {
        rows = List.copyOf(rows);
    }

    /// One serving endpoint.
    ///
    /// @param addresses where to connect to, as seen from here
    /// @param tally counts its connections
    public record Row(Endpoint endpoint, EndpointAddresses addresses, Tally tally) {
        /// Its address of the client's family where it has one, else the one it has.
        public InetSocketAddress address(Family wanted) {
            InetSocketAddress same = addresses.of(wanted);
            return same != null ? same : addresses.preferred();
        }
    }

    static PortTable of(Service service, ServicePort port, Tallies tallies) {
        List<Endpoint> serving = port.serving();
        return new PortTable(
                service,
                port,
                serving.stream().map(endpoint -> row(endpoint, tallies)).toList(),
                chooser(service.policies(), serving),
                tallies.of(service.name()));
    }

    private static Chooser chooser(Policies policies, List<Endpoint> endpoints) {
        // Who keeps its endpoint is given one by its address, whatever the balance is.
        Balance balance =
                policies.affinity() instanceof Affinity.ClientIp
                        ? Balance.HASH
                        : policies.balance();
        return Chooser.of(balance, weights(endpoints), keys(endpoints));
    }

    private static long[] keys(List<Endpoint> endpoints) {
        return endpoints.stream().mapToLong(endpoint -> key(endpoint.id())).toArray();
    }

    private static long key(EndpointId id) {
        return Keys.of(id.replica().provider() + ' ' + id.replica().id() + ' ' + id.port());
    }

    private static Row row(Endpoint endpoint, Tallies tallies) {
        return new Row(endpoint, EndpointAddress.of(endpoint.spec()), tallies.of(endpoint.id()));
    }

    private static int[] weights(List<Endpoint> endpoints) {
        return endpoints.stream().mapToInt(endpoint -> endpoint.spec().weight().value()).toArray();
    }

    /// What happens to a new connection.
    public Intake intake() {
        return source.intake();
    }

    /// How connections are treated.
    public TcpPolicy tcp() {
        return service.policies().tcp();
    }

    /// How long a connection waits for an endpoint.
    public Duration hold() {
        return service.policies().hold();
    }

    /// The row of an endpoint; null where it doesn't serve.
    @Nullable Row row(EndpointId endpoint) {
        for (Row row : rows) {
            if (row.endpoint().id().equals(endpoint)) {
                return row;
            }
        }
        return null;
    }

    /// Whether a table for these would be the same.
    boolean isFor(Service other, ServicePort port) {
        return source.equals(port)
                && service.name().equals(other.name())
                && service.policies().equals(other.policies());
    }

    /// The same table for a port that is given up: nothing new gets in.
    PortTable refusing() {
        ServicePort refusing = new ServicePort(source.published(), List.of(), Intake.REFUSE);
        Chooser nobody = chooser(service.policies(), List.of());
        return new PortTable(service, refusing, List.of(), nobody, places);
    }
}
