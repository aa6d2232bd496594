package dev.sameport.config;

import dev.sameport.model.Addresses;
import dev.sameport.model.Declaration;
import dev.sameport.model.Declaration.Member;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Mapping;
import dev.sameport.model.Mode;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Weight;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts one declaration into its service. Confined to one interpretation.
final class Declared {
    private final Declaration declaration;
    private final String where;
    private final Reading reading;
    private final Sandboxes sandboxes;
    private final Problems problems;

    Declared(Declaration declaration, Sandboxes sandboxes, Problems problems) {
        this.sandboxes = sandboxes;
        this.declaration = declaration;
        this.where =
                "service " + declaration.name() + " (" + Escaped.text(declaration.origin()) + ")";
        this.reading = SameportLabels.read(where, declaration.settings());
        this.problems = problems;
    }

    /// Adds what was declared to `candidate`; ports that it does not name are those of the labels.
    void joinTo(Candidate candidate, ReplicaIndex replicas) {
        problems.addAll(reading.problems());
        candidate.say(said());
        candidate.declare();
        List<Mapping> mappings =
                reading.says(SameportLabels.PUBLISH)
                        ? reading.settings().publish()
                        : candidate.mappings();
        if (mappings.isEmpty() && !reading.says(SameportLabels.PUBLISH)) {
            problems.add(where, "it publishes no port", "say which with " + SameportLabels.PUBLISH);
        }
        candidate.ask(mappings);
        for (Member member : declaration.endpoints()) {
            switch (member) {
                case Member.At(InetSocketAddress address) ->
                        at(address, mappings, candidate, replicas);
                case Member.Named(String nameOrId) ->
                        named(nameOrId, mappings, candidate, replicas);
            }
        }
    }

    private SortedMap<String, String> said() {
        TreeMap<String, String> said = new TreeMap<>(reading.valid());
        said.remove(SameportLabels.PUBLISH);
        return said;
    }

    private void at(
            InetSocketAddress address,
            List<Mapping> mappings,
            Candidate candidate,
            ReplicaIndex replicas) {
        if (address.isUnresolved()
                || address.getAddress().isAnyLocalAddress()
                || address.getAddress().isMulticastAddress()
                || address.getPort() == 0) {
            problems.add(
                    where,
                    Escaped.quoted(address.toString()) + " is not an address to connect to",
                    "write it as 10.0.0.5:8080");
            return;
        }
        String text = Addresses.text(address);
        Replica owner = replicas.at(address.getAddress());
        if (owner != null) {
            // An engine gives an address to the next container, which was never asked for.
            problems.add(
                    where,
                    text + " is an address of " + Asker.subject(owner) + ", so it is not served",
                    "name the container itself: " + Escaped.text(owner.name()));
            return;
        }
        Placed placed = new Placed(EndpointAddresses.of(address), new Reach.Plain());
        EndpointId id = new EndpointId(new ReplicaId("address", text), address.getPort());
        EndpointSpec endpoint =
                new EndpointSpec(
                        id,
                        text,
                        placed.addresses(),
                        placed.reach(),
                        reading.settings().weight(),
                        null);
        for (Mapping mapping : mappings) {
            candidate.add(where, mapping.published(), placed, endpoint, problems);
        }
    }

    private void named(
            String nameOrId, List<Mapping> mappings, Candidate candidate, ReplicaIndex replicas) {
        Replica replica = one(nameOrId, replicas.find(nameOrId));
        if (replica == null || !Asker.asks(replica)) {
            return;
        }
        Asker asker = replicas.asker(replica);
        String network = reading.settings().network();
        Joining joining =
                new Joining(
                        candidate,
                        sandboxes,
                        mode(asker),
                        network == null ? asker.reading().settings().network() : network,
                        problems);
        for (Mapping mapping : mappings) {
            joining.join(asker, mapping, this::weight);
        }
    }

    private Weight weight(Asker member) {
        return reading.says(SameportLabels.WEIGHT) ? reading.settings().weight() : member.weight();
    }

    private Mode mode(Asker asker) {
        Reading said = reading.says(SameportLabels.MODE) ? reading : asker.reading();
        return said.settings().policies().mode();
    }

    private @Nullable Replica one(String nameOrId, List<Replica> found) {
        if (found.isEmpty()) {
            problems.add(
                    where,
                    "there is no container " + Escaped.quoted(nameOrId),
                    "name one that an engine knows, or an address such as 10.0.0.5:8080");
        } else if (found.size() > 1) {
            problems.add(
                    where,
                    found.size() + " containers are called " + Escaped.quoted(nameOrId),
                    "write the whole id of one");
        }
        return found.size() == 1 ? found.getFirst() : null;
    }
}
