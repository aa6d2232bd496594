package dev.sameport.config;

import dev.sameport.model.Claimable;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.EnginePort;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Mapping;
import dev.sameport.model.PortSpec;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Replica;
import dev.sameport.model.Sandbox;
import dev.sameport.model.SandboxPort;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServiceSpec;
import dev.sameport.model.Weight;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A service before its claims are settled. Confined to one interpretation.
final class Candidate {
    final ServiceName name;
    private final TreeMap<String, String> said = new TreeMap<>();
    private final TreeMap<PublishedPort, TreeMap<EndpointId, EndpointSpec>> ports = new TreeMap<>();
    private final TreeMap<PublishedPort, List<SandboxPort>> sandboxes = new TreeMap<>();
    private List<Mapping> mappings = List.of();
    private Seniority seniority;
    private boolean permanent;

    Candidate(ServiceName name, Seniority seniority) {
        this.name = name;
        this.seniority = seniority;
    }

    /// Labels that hold from now on; those said before and not again stay.
    void say(SortedMap<String, String> labels) {
        said.putAll(labels);
    }

    /// It was declared by a person.
    void declare() {
        permanent = true;
        seniority = Seniority.DECLARED;
    }

    void ask(List<Mapping> more) {
        List<Mapping> all = new ArrayList<>(mappings);
        all.addAll(more);
        mappings = List.copyOf(all);
        more.forEach(mapping -> ports.computeIfAbsent(mapping.published(), _ -> new TreeMap<>()));
    }

    /// What it publishes so far.
    List<Mapping> mappings() {
        return mappings;
    }

    /// Replicas of a sandbox are to share a port for `published`, whether any is there or not.
    void expect(PublishedPort published, SandboxPort shared) {
        List<SandboxPort> expected = sandboxes.computeIfAbsent(published, _ -> new ArrayList<>());
        if (!expected.contains(shared)) {
            expected.add(shared);
        }
    }

    /// Adds a replica's endpoint to `published`, where it can be reached.
    void add(
            Asker member,
            PublishedPort published,
            int containerPort,
            AddressChoice choice,
            @Nullable Sandbox sandbox,
            Weight weight,
            Problems problems) {
        if (sandbox == null || !sandbox.holdsPort()) {
            reportOwnPublish(member, published, problems);
        }
        Placed placed = choice.place(containerPort);
        if (placed == null) {
            return;
        }
        Replica replica = member.replica();
        EndpointSpec endpoint =
                new EndpointSpec(
                        new EndpointId(replica.id(), containerPort),
                        replica.name(),
                        placed.addresses(),
                        placed.reach(),
                        weight,
                        replica,
                        sandbox);
        add(member.subject(), published, placed, endpoint, problems);
    }

    /// Adds an endpoint to `published`, unless it is that port itself; what is added last holds, so
    /// that a declaration's weight counts before a label's.
    void add(
            String subject,
            PublishedPort published,
            Placed placed,
            EndpointSpec endpoint,
            Problems problems) {
        Sandbox sandbox = endpoint.sandbox();
        boolean held = sandbox != null && sandbox.holdsPort();
        if (!held && placed.loopsTo(published)) {
            problems.add(
                    subject,
                    placed
                            + " is the published port "
                            + published.text()
                            + " of service "
                            + name
                            + " itself",
                    "let it listen on another port of the host");
            return;
        }
        ports.computeIfAbsent(published, _ -> new TreeMap<>()).put(endpoint.id(), endpoint);
    }

    /// The engine holds a port that the service is to share.
    private void reportOwnPublish(Asker member, PublishedPort published, Problems problems) {
        for (EnginePort own : member.replica().enginePorts()) {
            InetAddress host = own.host().getAddress();
            if (host == null || own.host().getPort() != published.port()) {
                continue;
            }
            HostAddress address =
                    host.isAnyLocalAddress()
                            ? new HostAddress.AnyOf(Family.of(host))
                            : new HostAddress.One(host);
            if (new PublishedPort(address, own.host().getPort(), own.protocol())
                    .overlaps(published)) {
                problems.add(
                        member.subject(),
                        "it publishes "
                                + published.text()
                                + " by itself, which service "
                                + name
                                + " is to share",
                        "drop port "
                                + published.port()
                                + " from its `ports:` or `-p` and recreate it");
            }
        }
    }

    /// What it would like to have: its ports, or its server names on each.
    SortedSet<Claimable> asked() {
        List<String> names = settings().serverNames();
        TreeSet<Claimable> asked = new TreeSet<>();
        for (PublishedPort published : ports.keySet()) {
            if (names.isEmpty()) {
                asked.add(Claimable.whole(published));
            }
            names.forEach(name -> asked.add(new Claimable(published, name)));
        }
        return asked;
    }

    private Settings settings() {
        return Agreement.settings(said);
    }

    Seniority seniority() {
        return seniority;
    }

    /// With the ports, or server names on them, that it holds the claim to; null where it holds
    /// none.
    @Nullable ServiceSpec spec(SortedMap<Claimable, ServiceName> held) {
        TreeMap<PublishedPort, List<String>> names = new TreeMap<>();
        for (Claimable asked : asked()) {
            if (name.equals(held.get(asked))) {
                List<String> ofPort =
                        names.computeIfAbsent(asked.published(), _ -> new ArrayList<>());
                if (asked.serverName() != null) {
                    ofPort.add(asked.serverName());
                }
            }
        }
        List<PortSpec> kept = new ArrayList<>();
        names.forEach((published, ofPort) -> kept.add(port(published, ofPort)));
        return kept.isEmpty()
                ? null
                : new ServiceSpec(name, kept, settings().policies(), permanent);
    }

    private PortSpec port(PublishedPort published, List<String> serverNames) {
        return new PortSpec(
                published,
                List.copyOf(ports.getOrDefault(published, new TreeMap<>()).values()),
                sandboxes.getOrDefault(published, List.of()),
                serverNames);
    }
}
