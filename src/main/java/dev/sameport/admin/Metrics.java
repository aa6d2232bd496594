package dev.sameport.admin;

import dev.sameport.metrics.Exposition;
import dev.sameport.metrics.MeterNames;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.ProviderStatus;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.util.List;

/// A snapshot as Prometheus text.
final class Metrics {
    private final Snapshot snapshot;
    private final List<Placed> endpoints;
    private final Exposition text = new Exposition();

    private Metrics(Snapshot snapshot) {
        this.snapshot = snapshot;
        this.endpoints = Placed.all(snapshot);
    }

    static String text(Snapshot snapshot, String version) {
        Metrics metrics = new Metrics(snapshot);
        metrics.daemon(version);
        metrics.providers();
        metrics.ports();
        metrics.endpoints();
        return metrics.text.toString();
    }

    private void daemon(String version) {
        text.meter(MeterNames.INFO).sample(MeterNames.INFO, 1, "version", version);
        text.meter(MeterNames.GENERATION).sample(MeterNames.GENERATION, snapshot.generation());
        text.meter(MeterNames.PROBLEMS).sample(MeterNames.PROBLEMS, snapshot.problems().size());
    }

    private void providers() {
        text.meter(MeterNames.PROVIDER_UP);
        for (ProviderStatus status : snapshot.providers()) {
            long up = status.problem() == null ? 1 : 0;
            text.sample(MeterNames.PROVIDER_UP, up, "provider", status.name());
        }
        text.meter(MeterNames.PROVIDER_REPLICAS);
        for (ProviderStatus status : snapshot.providers()) {
            text.sample(MeterNames.PROVIDER_REPLICAS, status.replicas(), "provider", status.name());
        }
    }

    private void ports() {
        text.meter(MeterNames.PORT_PLANE);
        for (Service service : snapshot.services()) {
            for (ServicePort port : service.ports()) {
                String plane = PortFacts.of(snapshot, port).plane();
                text.sample(MeterNames.PORT_PLANE, 1, labels(service, port, "plane", plane));
            }
        }
        text.meter(MeterNames.PORT_SERVING);
        for (Service service : snapshot.services()) {
            for (ServicePort port : service.ports()) {
                int serving = PortFacts.of(snapshot, port).serving();
                text.sample(MeterNames.PORT_SERVING, serving, labels(service, port));
            }
        }
    }

    private static String[] labels(Service service, ServicePort port, String... more) {
        String[] labels = new String[4 + more.length];
        labels[0] = "service";
        labels[1] = service.name().value();
        labels[2] = "port";
        labels[3] = port.published().text();
        System.arraycopy(more, 0, labels, 4, more.length);
        return labels;
    }

    private void endpoints() {
        text.meter(MeterNames.ENDPOINTS);
        for (Service service : snapshot.services()) {
            for (Phase phase : Phase.values()) {
                long count =
                        endpoints.stream()
                                .filter(placed ->
                                        placed.service().name().equals(service.name())
                                                && placed.endpoint().phase() == phase)
                                .count();
                String name = service.name().value();
                text.sample(MeterNames.ENDPOINTS, count, "service", name, "phase", Words.of(phase));
            }
        }
        text.meter(MeterNames.CONNECTIONS);
        for (Placed placed : endpoints) {
            Endpoint endpoint = placed.endpoint();
            text.sample(
                    MeterNames.CONNECTIONS,
                    snapshot.connections().getOrDefault(endpoint.id(), 0L),
                    "service",
                    placed.service().name().value(),
                    "replica",
                    endpoint.spec().name(),
                    "endpoint",
                    endpoint.id().toString());
        }
    }
}
