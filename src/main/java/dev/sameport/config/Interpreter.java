package dev.sameport.config;

import dev.sameport.model.Claims;
import dev.sameport.model.Declaration;
import dev.sameport.model.Mapping;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServiceSpec;
import dev.sameport.provider.Observation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads what providers saw into services: who shares, by which labels, at which address, and who
/// holds which published port.
///
/// Deterministic: the order of observations, replicas and declarations never matters, and
/// interpreting again with the returned claims gives the same.
public final class Interpreter {
    private final Problems problems = new Problems();
    private final TreeMap<ServiceName, Candidate> candidates = new TreeMap<>();
    private final ReplicaIndex replicas;
    private final Sandboxes sandboxes;

    private Interpreter(List<Observation.Complete> observations, InterpreterOptions options) {
        this.replicas = new ReplicaIndex(observations, options);
        this.sandboxes = new Sandboxes(replicas, problems);
    }

    /// The services that `observations` ask for.
    ///
    /// @param observations at most one of each provider
    /// @param claims what held before
    public static Interpretation interpret(
            List<Observation.Complete> observations, Claims claims, InterpreterOptions options) {
        Interpreter interpreter = new Interpreter(observations, options);
        Groups.of(interpreter.replicas, interpreter.problems)
                .byName()
                .forEach(interpreter::labelled);
        declarations(observations).forEach(interpreter::declared);
        return interpreter.settle(claims);
    }

    private void labelled(ServiceName name, List<Asker> members) {
        SortedMap<String, String> said = Agreement.of(name, members, problems);
        Settings settings = Agreement.settings(said);
        if (settings.publish().isEmpty()) {
            return;
        }
        Seniority oldest =
                members.stream().map(Asker::seniority).min(Comparator.naturalOrder()).orElseThrow();
        Candidate candidate = new Candidate(name, oldest);
        candidates.put(name, candidate);
        candidate.say(said);
        candidate.ask(settings.publish());
        for (Asker member : members) {
            join(candidate, member, settings);
        }
    }

    private void join(Candidate candidate, Asker member, Settings settings) {
        Joining joining =
                new Joining(
                        candidate,
                        sandboxes,
                        settings.policies().mode(),
                        member.network(settings.network()),
                        problems);
        Map<PublishedPort, Integer> own = member.ownPorts();
        for (Mapping mapping : settings.publish()) {
            // A new version may listen on another port while it rolls out.
            int port = own.getOrDefault(mapping.published(), mapping.containerPort());
            joining.join(member, new Mapping(mapping.published(), port), Asker::weight);
        }
    }

    private static List<Declaration> declarations(List<Observation.Complete> observations) {
        return observations.stream()
                .flatMap(observation -> observation.declarations().stream())
                .distinct()
                .sorted(
                        Comparator.comparing(Declaration::name)
                                .thenComparing(Declaration::origin)
                                .thenComparing(Declaration::toString))
                .toList();
    }

    private void declared(Declaration declaration) {
        Candidate candidate =
                candidates.computeIfAbsent(
                        declaration.name(), name -> new Candidate(name, Seniority.DECLARED));
        new Declared(declaration, sandboxes, problems).joinTo(candidate, replicas);
    }

    private Interpretation settle(Claims claims) {
        Claims held = Claiming.settle(candidates.values(), claims, problems);
        List<ServiceSpec> services = new ArrayList<>();
        for (Candidate candidate : candidates.values()) {
            ServiceSpec spec = candidate.spec(held.holders());
            if (spec != null) {
                services.add(spec);
            }
        }
        return new Interpretation(services, held, problems.sorted(), sandboxes.stranded());
    }
}
