package dev.sameport.admin.wire;

import dev.sameport.admin.Check;
import dev.sameport.admin.Explanation;
import dev.sameport.model.Change;
import dev.sameport.model.Endpoint;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Problem;
import dev.sameport.model.ProviderStatus;
import dev.sameport.model.Sandbox;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The admin API's JSON, from the model. Fields are added, never renamed.
public final class Wire {
    /// What every document says of itself; a change of meaning makes a version 2 beside it.
    public static final int VERSION = 1;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// `GET /v1/services.json`. @param at when, ISO 8601 in UTC
    public record Services(
            int version,
            long generation,
            String at,
            List<ServiceJson> services,
            List<ProblemJson> problems,
            List<ProviderJson> providers) {}

    /// A service.
    public record ServiceJson(String name, List<PortJson> ports) {}

    /// A published port. @param conflict null where the port is ours
    public record PortJson(
            String published,
            String plane,
            String reason,
            String intake,
            @Nullable ProblemJson conflict,
            List<EndpointJson> endpoints) {}

    /// An endpoint. @param nat whether the kernel's rules were seen to reach it
    ///
    /// @param sandbox whose network it shares with its siblings; null where it listens alone
    public record EndpointJson(
            String replica,
            String name,
            List<String> addresses,
            String phase,
            boolean accepting,
            boolean serving,
            boolean nat,
            int weight,
            long connections,
            @Nullable String sandbox) {}

    /// A problem.
    public record ProblemJson(String where, String what, String fix) {}

    /// A provider.
    public record ProviderJson(
            String name, String detail, int replicas, @Nullable ProblemJson problem) {}

    /// A change.
    public record ChangeJson(String at, long generation, String subject, String text) {}

    /// `GET /v1/doctor.json`.
    public record Doctor(int version, List<CheckJson> checks) {}

    /// A check of `doctor`.
    public record CheckJson(String name, String outcome, String detail, String fix) {}

    /// `GET /v1/explain/SUBJECT/json`.
    public record ExplanationJson(
            int version, String subject, List<SectionJson> sections, List<ProblemJson> problems) {}

    /// What is to be said about one thing.
    public record SectionJson(String title, List<FactJson> facts) {}

    /// A line of it.
    public record FactJson(String name, String text) {}

    private Wire() {}

    /// The services of a snapshot, as JSON.
    public static String services(Snapshot snapshot) {
        return line(
                new Services(
                        VERSION,
                        snapshot.generation(),
                        snapshot.at().toString(),
                        snapshot.services().stream()
                                .map(service -> service(snapshot, service))
                                .toList(),
                        snapshot.problems().stream().map(Wire::problem).toList(),
                        snapshot.providers().stream().map(Wire::provider).toList()));
    }

    private static ServiceJson service(Snapshot snapshot, Service service) {
        return new ServiceJson(
                service.name().value(),
                service.ports().stream().map(port -> port(snapshot, port)).toList());
    }

    private static PortJson port(Snapshot snapshot, ServicePort port) {
        PortStatus status = snapshot.ports().get(port.published());
        return new PortJson(
                port.published().text(),
                status == null ? "none" : status.plane(),
                status == null ? "" : status.reason(),
                lower(port.intake()),
                status == null || status.conflict() == null ? null : problem(status.conflict()),
                port.endpoints().stream().map(endpoint -> endpoint(snapshot, endpoint)).toList());
    }

    private static EndpointJson endpoint(Snapshot snapshot, Endpoint endpoint) {
        Sandbox sandbox = endpoint.spec().sandbox();
        return new EndpointJson(
                endpoint.id().replica().provider() + "/" + endpoint.id().replica().id(),
                endpoint.spec().name(),
                endpoint.spec().addresses().all().stream()
                        .map(dev.sameport.model.Addresses::text)
                        .toList(),
                lower(endpoint.phase()),
                endpoint.accepting(),
                endpoint.serving(),
                endpoint.natWorks(),
                endpoint.spec().weight().value(),
                snapshot.connections().getOrDefault(endpoint.id(), 0L),
                sandbox == null ? null : sandbox.name());
    }

    private static ProblemJson problem(Problem problem) {
        return new ProblemJson(problem.where(), problem.what(), problem.fix());
    }

    private static ProviderJson provider(ProviderStatus provider) {
        Problem problem = provider.problem();
        return new ProviderJson(
                provider.name(),
                provider.detail(),
                provider.replicas(),
                problem == null ? null : problem(problem));
    }

    /// One change, as a line of JSON.
    public static String change(Change change) {
        return line(
                new ChangeJson(
                        change.at().toString(),
                        change.generation(),
                        change.subject(),
                        change.text()));
    }

    /// The checks of `doctor`.
    public static String checks(List<Check> checks) {
        return line(
                new Doctor(
                        VERSION,
                        checks.stream()
                                .map(check ->
                                        new CheckJson(
                                                check.name(),
                                                lower(check.outcome()),
                                                check.detail(),
                                                check.fix()))
                                .toList()));
    }

    /// Why something is served the way it is.
    public static String explanation(Explanation explanation) {
        return line(
                new ExplanationJson(
                        VERSION,
                        explanation.subject(),
                        explanation.sections().stream().map(Wire::section).toList(),
                        explanation.problems().stream().map(Wire::problem).toList()));
    }

    private static SectionJson section(Explanation.Section section) {
        return new SectionJson(
                section.title(),
                section.facts().stream()
                        .map(fact -> new FactJson(fact.name(), fact.text()))
                        .toList());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String line(Object value) {
        return JSON.writeValueAsString(value) + "\n";
    }
}
