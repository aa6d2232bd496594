package dev.sameport.metrics;

import dev.sameport.model.Endpoint;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.util.Locale;

/// A snapshot as Prometheus text (exposition format 0.0.4). Pure. A series ends with its endpoint.
public final class Exposition {
    private Exposition() {}

    /// The text.
    public static String of(Snapshot snapshot) {
        StringBuilder text = new StringBuilder();
        head(text, MeterNames.GENERATION, "gauge", "The number of the applied state.");
        text.append(MeterNames.GENERATION).append(' ').append(snapshot.generation()).append('\n');
        head(text, MeterNames.PROBLEMS, "gauge", "Things that a person should mend.");
        text.append(MeterNames.PROBLEMS)
                .append(' ')
                .append(snapshot.problems().size())
                .append('\n');
        head(text, MeterNames.SERVING, "gauge", "Endpoints that new connections go to.");
        for (Service service : snapshot.services()) {
            for (ServicePort port : service.ports()) {
                text.append(MeterNames.SERVING)
                        .append("{service=\"")
                        .append(escape(service.name().value()))
                        .append("\",port=\"")
                        .append(port.published().text())
                        .append("\"} ")
                        .append(port.serving().size())
                        .append('\n');
            }
        }
        endpoints(snapshot, text);
        return text.toString();
    }

    private static void endpoints(Snapshot snapshot, StringBuilder text) {
        StringBuilder phases = new StringBuilder();
        head(text, MeterNames.CONNECTIONS, "counter", "New connections.");
        head(phases, MeterNames.PHASE, "gauge", "1 for the phase that an endpoint is in.");
        for (Service service : snapshot.services()) {
            service.ports().stream()
                    .flatMap(port -> port.endpoints().stream())
                    .distinct()
                    .forEach(endpoint -> endpoint(snapshot, service, endpoint, text, phases));
        }
        text.append(phases);
    }

    private static void endpoint(
            Snapshot snapshot,
            Service service,
            Endpoint endpoint,
            StringBuilder text,
            StringBuilder phases) {
        String labels =
                "{service=\""
                        + escape(service.name().value())
                        + "\",replica=\""
                        + escape(endpoint.spec().name())
                        + "\",endpoint_port=\""
                        + endpoint.id().port()
                        + "\"";
        text.append(MeterNames.CONNECTIONS)
                .append(labels)
                .append("} ")
                .append(snapshot.connections().getOrDefault(endpoint.id(), 0L))
                .append('\n');
        phases.append(MeterNames.PHASE)
                .append(labels)
                .append(",phase=\"")
                .append(endpoint.phase().name().toLowerCase(Locale.ROOT))
                .append("\"} 1\n");
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
