package dev.sameport.admin;

import dev.sameport.admin.Explanation.Fact;
import dev.sameport.admin.Explanation.Section;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Policies;
import dev.sameport.model.Problem;
import dev.sameport.model.Replica;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Reads out of a snapshot why something is served the way it is. Pure; confined to one question.
final class Explainer {
    private final Snapshot snapshot;
    private final Subject subject;
    private final List<Section> sections = new ArrayList<>();

    /// Words by which problems are recognised as belonging to the subject.
    private final Set<String> words = new LinkedHashSet<>();

    private Explainer(Snapshot snapshot, Subject subject) {
        this.snapshot = snapshot;
        this.subject = subject;
        words.add(subject.text());
    }

    /// Everything about `subject`.
    ///
    /// @throws IllegalArgumentException if nothing is called that
    static Explanation explain(Snapshot snapshot, String subject) {
        if (subject.isBlank()) {
            throw new IllegalArgumentException(
                    "nothing was named; name a service, a published port or a replica");
        }
        Explanation found = new Explainer(snapshot, new Subject(subject)).explanation();
        if (found.sections().isEmpty() && found.problems().isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing here is called '"
                            + Printable.text(subject)
                            + "': it is neither a service, nor a published port, nor a replica that is published; a container needs the label sameport.publish");
        }
        return found;
    }

    private Explanation explanation() {
        Set<Placed> endpoints = new LinkedHashSet<>();
        List<Placed> all = Placed.all(snapshot);
        for (Service service : snapshot.services()) {
            boolean whole = subject.names(service);
            if (whole) {
                sections.add(service(service));
            }
            for (ServicePort port : service.ports()) {
                if (whole || subject.names(port.published())) {
                    sections.add(port(service, PortFacts.of(snapshot, port)));
                    all.stream()
                            .filter(placed ->
                                    placed.service().name().equals(service.name())
                                            && placed.ports().contains(port.published()))
                            .forEach(endpoints::add);
                }
            }
        }
        all.stream()
                .filter(placed -> subject.names(placed.endpoint().spec()))
                .forEach(endpoints::add);
        endpoints.forEach(placed -> sections.add(endpoint(placed)));
        return new Explanation(subject.text(), sections, problems());
    }

    private Section service(Service service) {
        words.add(service.name().value());
        Policies policies = service.policies();
        return new Section(
                "service " + service.name(),
                List.of(
                        new Fact("mode", Tables.word(policies.mode())),
                        new Fact("balance", Tables.word(policies.balance())),
                        new Fact(
                                "hold",
                                Durations.text(policies.hold())
                                        + " for a new connection when no endpoint is left"),
                        new Fact("drain", Durations.text(policies.drain()) + " at most"),
                        new Fact(
                                "health",
                                policies.health().strict()
                                        ? "strict: unhealthy endpoints never serve"
                                        : "lenient: while none is ready, those that accept serve")));
    }

    private Section port(Service service, PortFacts facts) {
        words.add(service.name().value());
        words.add(facts.port().published().text());
        List<Fact> lines = new ArrayList<>();
        lines.add(
                new Fact(
                        "plane",
                        facts.plane() + (facts.reason().isEmpty() ? "" : ": " + facts.reason())));
        if (facts.port().shared()) {
            lines.add(new Fact("server names", String.join(", ", facts.port().serverNames())));
        }
        lines.add(new Fact("new connections", intake(service, facts)));
        lines.add(new Fact("connections", Long.toString(facts.connections())));
        if (facts.status() != null && facts.status().conflict() != null) {
            Problem conflict = facts.status().conflict();
            lines.add(new Fact("conflict", conflict.what()));
            lines.add(new Fact("fix", conflict.fix()));
        }
        return new Section(
                "port " + facts.port().published().text() + " of service " + service.name(), lines);
    }

    private static String intake(Service service, PortFacts facts) {
        int all = facts.port().endpoints().size();
        return switch (facts.port().intake()) {
            case SERVE ->
                    "go to "
                            + facts.serving()
                            + " of "
                            + all
                            + (all == 1 ? " endpoint" : " endpoints")
                            + (facts.lastResort() ? ", none of which is ready" : "");
            case HOLD ->
                    "wait up to "
                            + Durations.text(service.policies().hold())
                            + " for an endpoint, because none is left";
            case REFUSE -> "are refused, because there is no endpoint";
        };
    }

    private Section endpoint(Placed placed) {
        var endpoint = placed.endpoint();
        words.add(endpoint.spec().name());
        List<Fact> lines = new ArrayList<>();
        lines.add(new Fact("service", placed.service().name().value()));
        lines.add(new Fact("address", endpoint.spec().addresses().toString()));
        lines.add(new Fact("phase", EndpointReasons.phase(endpoint)));
        lines.add(new Fact("new connections", EndpointReasons.intake(endpoint)));
        lines.add(new Fact("way", EndpointReasons.way(endpoint)));
        Replica replica = endpoint.spec().replica();
        if (replica != null) {
            lines.add(
                    new Fact(
                            "replica",
                            replica.id().provider()
                                    + " "
                                    + replica.id().shortId()
                                    + ", "
                                    + replica.image()));
        }
        return new Section("endpoint " + title(endpoint), lines);
    }

    /// A plain address is called by itself, port included.
    private static String title(Endpoint endpoint) {
        String name = endpoint.spec().name();
        return endpoint.spec().replica() == null ? name : name + ":" + endpoint.id().port();
    }

    private List<Problem> problems() {
        return snapshot.problems().stream()
                .filter(problem -> words.stream().anyMatch(word -> mentions(problem, word)))
                .toList();
    }

    private static boolean mentions(Problem problem, String word) {
        return Subject.mentioned(word, problem.where()) || Subject.mentioned(word, problem.what());
    }
}
