package dev.sameport.plane.proxy.l4;

import dev.sameport.balance.Chooser;
import dev.sameport.health.EndpointAddress;
import dev.sameport.model.Balance;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.Family;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// What happens to the new connections of one published port: an immutable table, swapped as a
/// whole.
///
/// @param source what it was made from: an equal source needs no new table
/// @param hold how long a connection waits for an endpoint
/// @param rows the serving endpoints
/// @param chooser chooses among `rows` by index
record PortTable(
        ServicePort source, Duration hold, Balance balance, List<Row> rows, Chooser chooser) {

    /// One serving endpoint.
    record Row(EndpointAddresses addresses, Tally tally) {
        /// Its address of the client's family where it has one, else the one it has.
        InetSocketAddress address(Family wanted) {
            InetSocketAddress same = addresses.of(wanted);
            return same != null ? same : addresses.preferred();
        }
    }

    static PortTable of(Service service, ServicePort port, Tallies tallies) {
        List<Endpoint> serving = port.serving();
        return new PortTable(
                port,
                service.policies().hold(),
                service.policies().balance(),
                serving.stream().map(endpoint -> row(endpoint, tallies)).toList(),
                Chooser.of(service.policies().balance(), weights(serving)));
    }

    private static Row row(Endpoint endpoint, Tallies tallies) {
        return new Row(EndpointAddress.of(endpoint.spec()), tallies.of(endpoint.id()));
    }

    private static int[] weights(List<Endpoint> endpoints) {
        return endpoints.stream().mapToInt(endpoint -> endpoint.spec().weight().value()).toArray();
    }

    /// Whether a table for these would be the same.
    boolean isFor(Service service, ServicePort port) {
        return source.equals(port)
                && hold.equals(service.policies().hold())
                && balance == service.policies().balance();
    }

    /// The same table for a port that is given up: nothing new gets in.
    PortTable refusing() {
        ServicePort refusing =
                new ServicePort(source.published(), List.of(), ServicePort.Intake.REFUSE);
        return new PortTable(refusing, hold, balance, List.of(), Chooser.of(balance, new int[0]));
    }
}
