package dev.sameport.plane.proxy.l4;

import dev.sameport.balance.Chooser;
import dev.sameport.health.EndpointAddress;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Family;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What happens to the new connections of one published port: an immutable table, swapped as a
/// whole.
///
/// @param service whose port it is; its policies count
/// @param source what it was made from
/// @param rows the serving endpoints
/// @param chooser chooses among `rows` by index
public record PortTable(Service service, ServicePort source, List<Row> rows, Chooser chooser) {
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
                Chooser.of(service.policies().balance(), weights(serving)));
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

    /// The endpoints that are there and neither drain nor are dead: what they carry may go on.
    Set<EndpointId> staying() {
        Set<EndpointId> staying = new HashSet<>();
        for (Endpoint endpoint : source.endpoints()) {
            switch (endpoint.phase()) {
                case STARTING, READY, UNHEALTHY, PAUSED -> staying.add(endpoint.id());
                case DRAINING, GONE -> {}
            }
        }
        return staying;
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
        Chooser nobody = Chooser.of(service.policies().balance(), new int[0]);
        return new PortTable(service, refusing, List.of(), nobody);
    }
}
