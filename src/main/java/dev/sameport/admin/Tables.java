package dev.sameport.admin;

import dev.sameport.model.Change;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Problem;
import dev.sameport.model.Reach;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the daemon shows to people. Pure.
public final class Tables {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    private Tables() {}

    /// `sameport ls`: one line per published port.
    public static String services(Snapshot snapshot) {
        if (snapshot.services().isEmpty()) {
            return "Nothing is published yet.\n"
                    + "Give a container the label sameport.publish=80:8080, or try `sameport publish 80:8080 CONTAINER…`.\n"
                    + problems(snapshot.problems());
        }
        Table table = new Table("SERVICE", "PORT", "PLANE", "READY", "CONNECTIONS", "NOTE");
        for (Service service : snapshot.services()) {
            for (ServicePort port : service.ports()) {
                PortStatus status = snapshot.ports().get(port.published());
                table.row(
                        service.name().value(),
                        port.published().text(),
                        status == null ? "-" : status.plane(),
                        ready(port),
                        Long.toString(connections(snapshot, port)),
                        note(port, status));
            }
        }
        return table.text() + problems(snapshot.problems());
    }

    private static String ready(ServicePort port) {
        long ready = port.endpoints().stream().filter(e -> e.phase() == Phase.READY).count();
        return ready + "/" + port.endpoints().size();
    }

    private static long connections(Snapshot snapshot, ServicePort port) {
        return port.endpoints().stream()
                .mapToLong(endpoint -> snapshot.connections().getOrDefault(endpoint.id(), 0L))
                .sum();
    }

    static String note(ServicePort port, @Nullable PortStatus status) {
        if (status != null && status.conflict() != null) {
            return "not ours: see below";
        }
        boolean lastResort =
                port.endpoints().stream().anyMatch(e -> e.serving() && e.phase() != Phase.READY);
        return switch (port.intake()) {
            case HOLD -> "new connections wait for an endpoint";
            case REFUSE -> "new connections are refused: no endpoint";
            case SERVE ->
                    lastResort
                            ? "none is healthy: those that accept serve"
                            : status == null || status.reason().isEmpty() ? "" : status.reason();
        };
    }

    /// `sameport ps`: one line per endpoint.
    public static String replicas(Snapshot snapshot) {
        Table table =
                new Table("SERVICE", "REPLICA", "ENDPOINT", "PHASE", "WEIGHT", "CONNECTIONS", "BY");
        for (Service service : snapshot.services()) {
            service.ports().stream()
                    .flatMap(port -> port.endpoints().stream())
                    .distinct()
                    .forEach(endpoint -> table.row(replica(snapshot, service, endpoint)));
        }
        return table.text();
    }

    private static String[] replica(Snapshot snapshot, Service service, Endpoint endpoint) {
        return new String[] {
            service.name().value(),
            endpoint.spec().name(),
            endpoint.spec().addresses().toString(),
            phase(endpoint),
            Integer.toString(endpoint.spec().weight().value()),
            Long.toString(snapshot.connections().getOrDefault(endpoint.id(), 0L)),
            by(endpoint.spec().reach())
        };
    }

    private static String phase(Endpoint endpoint) {
        String phase = endpoint.phase().name().toLowerCase(Locale.ROOT);
        return endpoint.serving() && endpoint.phase() != Phase.READY ? phase + " (serves)" : phase;
    }

    static String by(Reach reach) {
        return switch (reach) {
            case Reach.OnBridge(String bridge) -> bridge;
            case Reach.OnHost _ -> "host network";
            case Reach.ThroughPublished(var published) -> "published " + published.getPort();
            case Reach.Plain _ -> "address";
            case Reach.Unreachable(String reason) -> "unreachable: " + reason;
        };
    }

    /// One line per change.
    public static String change(Change change) {
        return TIME.format(change.at())
                + "  "
                + change.generation()
                + "  "
                + change.subject()
                + "  "
                + change.text()
                + "\n";
    }

    /// `! where: what` with the fix on a line of its own; empty where there is no problem.
    public static String problems(List<Problem> problems) {
        StringBuilder text = new StringBuilder();
        for (Problem problem : problems) {
            text.append(text.isEmpty() ? "\n" : "")
                    .append("! ")
                    .append(problem.where())
                    .append(": ")
                    .append(problem.what())
                    .append("\n    → ")
                    .append(problem.fix())
                    .append('\n');
        }
        return text.toString();
    }

    /// `sameport doctor`.
    public static String checks(List<Check> checks) {
        StringBuilder text = new StringBuilder();
        for (Check check : checks) {
            String mark =
                    switch (check.outcome()) {
                        case OK -> "ok    ";
                        case WARN -> "warn  ";
                        case FAIL -> "FAIL  ";
                    };
            text.append(mark).append(check.name()).append(": ").append(check.detail()).append('\n');
            if (!check.fix().isEmpty()) {
                text.append("      → ").append(check.fix()).append('\n');
            }
        }
        return text.toString();
    }
}
