package dev.sameport.admin;

import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Problem;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.util.List;

/// `sameport explain`: why a service, a port or a container is served the way it is. Pure.
final class Explanations {
    private Explanations() {}

    /// @param subject a service's name, a published port (`80`, `80/tcp`, `127.0.0.1:80`), or a
    ///   replica's name or id
    static String of(Snapshot snapshot, String subject) {
        StringBuilder text = new StringBuilder();
        for (Service service : snapshot.services()) {
            for (ServicePort port : service.ports()) {
                if (matches(service, port, subject)) {
                    explain(snapshot, service, port, text);
                }
            }
        }
        List<Problem> about =
                snapshot.problems().stream()
                        .filter(problem -> !text.isEmpty() || mentions(problem, subject))
                        .toList();
        if (text.isEmpty() && about.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing here is called '"
                            + subject
                            + "': it is neither a service, nor a published port, nor a replica that is published; a container needs the label sameport.publish");
        }
        return text + Tables.problems(about);
    }

    private static boolean mentions(Problem problem, String subject) {
        return problem.where().contains(subject) || problem.what().contains(subject);
    }

    private static boolean matches(Service service, ServicePort port, String subject) {
        String published = port.published().text();
        return service.name().value().equals(subject)
                || published.equals(subject)
                || published.equals(subject + "/tcp")
                || Integer.toString(port.published().port()).equals(subject)
                || port.endpoints().stream().anyMatch(endpoint -> matches(endpoint, subject));
    }

    private static boolean matches(Endpoint endpoint, String subject) {
        return endpoint.spec().name().equals(subject)
                || (subject.length() >= 4 && endpoint.id().replica().id().startsWith(subject));
    }

    private static void explain(
            Snapshot snapshot, Service service, ServicePort port, StringBuilder text) {
        PortStatus status = snapshot.ports().get(port.published());
        text.append("Port ")
                .append(port.published())
                .append(" belongs to service ")
                .append(service.name())
                .append(".\n");
        if (status != null && status.conflict() != null) {
            text.append("  It can't be had: ").append(status.conflict().what()).append('\n');
        } else if (status != null) {
            text.append("  Plane: ").append(status.plane());
            text.append(status.reason().isEmpty() ? "" : ", because " + status.reason())
                    .append('\n');
        }
        text.append("  New connections: ").append(intake(port)).append('\n');
        for (Endpoint endpoint : port.endpoints()) {
            text.append("  ")
                    .append(endpoint.spec().name())
                    .append(" at ")
                    .append(endpoint.spec().addresses());
            text.append(" (")
                    .append(Tables.by(endpoint.spec().reach()))
                    .append("): ")
                    .append(why(endpoint))
                    .append('\n');
        }
    }

    private static String intake(ServicePort port) {
        return switch (port.intake()) {
            case SERVE ->
                    "go to "
                            + port.serving().size()
                            + " of "
                            + port.endpoints().size()
                            + " endpoints";
            case HOLD -> "wait for an endpoint, then are refused";
            case REFUSE ->
                    "are refused, because no endpoint has been there for longer than sameport.hold";
        };
    }

    private static String why(Endpoint endpoint) {
        return switch (endpoint.phase()) {
            case READY ->
                    endpoint.spec().weight().value() == 0 ? "ready, but its weight is 0" : "ready";
            case STARTING ->
                    endpoint.accepting()
                            ? "starting: it accepts connections, but its health check has not passed yet"
                                    + serves(endpoint)
                            : "starting: nothing accepts connections on its port yet; does the app listen on 0.0.0.0?";
            case UNHEALTHY ->
                    (endpoint.accepting()
                                    ? "unhealthy by its health check"
                                    : "unhealthy: it stopped accepting connections")
                            + serves(endpoint);
            case PAUSED -> "paused";
            case DRAINING -> "draining: its stop signal was sent";
            case GONE -> "gone";
        };
    }

    private static String serves(Endpoint endpoint) {
        return endpoint.serving() && endpoint.phase() != Phase.READY
                ? "; it serves all the same, because no endpoint is healthy (sameport.health=strict turns that off)"
                : "";
    }
}
