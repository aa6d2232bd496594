package dev.sameport.config;

import dev.sameport.model.EnginePort;
import dev.sameport.model.Family;
import dev.sameport.model.HostAddress;
import dev.sameport.model.Mode;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Tells who listens in whose network namespace. Confined to one interpretation.
final class Sandboxes {
    /// The image of a container that does nothing but own a namespace.
    private static final String PAUSE = "sameport/pause";

    private static final String ONE_OFF = "com.docker.compose.oneoff";

    private final ReplicaIndex replicas;
    private final Problems problems;
    private final TreeSet<Stranded> stranded = new TreeSet<>();

    Sandboxes(ReplicaIndex replicas, Problems problems) {
        this.replicas = replicas;
        this.problems = problems;
    }

    /// One who listens.
    ///
    /// @param place whose networks lead there
    /// @param sandbox where it listens beside others, or null
    record Seat(Asker member, Replica place, @Nullable Sandbox sandbox) {}

    /// Those who were left in a namespace that its owner has left.
    List<Stranded> stranded() {
        return List.copyOf(stranded);
    }

    /// Whether it owns a namespace in which others share a port.
    static boolean isSandbox(Replica replica, Mode mode) {
        return !replica.onHost()
                && replica.joined().isEmpty()
                && (mode == Mode.REUSEPORT || pauses(replica));
    }

    /// Whether a replica is nothing but an owner: it never listens.
    private static boolean pauses(Replica replica) {
        String image = replica.image();
        int registry = image.indexOf(PAUSE);
        boolean ours = registry == 0 || (registry > 0 && image.charAt(registry - 1) == '/');
        return (ours && image.substring(registry + PAUSE.length()).matches("([:@].*)?"))
                || replica.own().get(SameportLabels.SANDBOX) != null;
    }

    /// The namespace that is shared where `asker` publishes a port, or null.
    @Nullable Sandbox sandbox(Asker asker, Mode mode, PublishedPort published, int port) {
        Replica replica = asker.replica();
        if (!replica.joined().isEmpty()) {
            Replica owner = replicas.withId(replica.joined(), replica.id().provider());
            return owner == null ? null : of(owner, published, port);
        }
        if (replica.onHost()) {
            return mode == Mode.REUSEPORT
                    ? new Sandbox("host", null, published.port() == port)
                    : null;
        }
        return isSandbox(replica, mode) ? of(replica, published, port) : null;
    }

    private static Sandbox of(Replica owner, PublishedPort published, int port) {
        return new Sandbox(owner.name(), owner, engineHolds(owner, published, port));
    }

    private static boolean engineHolds(Replica owner, PublishedPort published, int port) {
        for (EnginePort own : owner.enginePorts()) {
            InetAddress host = own.host().getAddress();
            if (host == null || own.containerPort() != port) {
                continue;
            }
            HostAddress address =
                    host.isAnyLocalAddress()
                            ? new HostAddress.AnyOf(Family.of(host))
                            : new HostAddress.One(host);
            if (new PublishedPort(address, own.host().getPort(), own.protocol())
                    .overlaps(published)) {
                return true;
            }
        }
        return false;
    }

    /// Who listens for `asker`: itself, or those who joined it.
    List<Seat> seats(Asker asker, Mode mode, @Nullable Sandbox sandbox) {
        Replica replica = asker.replica();
        if (!replica.joined().isEmpty()) {
            return joined(asker, sandbox);
        }
        List<Seat> seats = new ArrayList<>();
        if (!isSandbox(replica, mode) || !pauses(replica)) {
            seats.add(new Seat(asker, replica, sandbox));
        }
        if (isSandbox(replica, mode)) {
            for (Replica guest : replicas.guestsOf(replica.id())) {
                Asker member = replicas.asker(guest);
                if (Asker.asks(guest) && !member.speaks() && !oneOff(guest)) {
                    seats.addAll(joined(member, sandbox));
                }
            }
        }
        return seats;
    }

    private static boolean oneOff(Replica replica) {
        return "true".equalsIgnoreCase(replica.own().get(ONE_OFF));
    }

    private List<Seat> joined(Asker member, @Nullable Sandbox sandbox) {
        Replica replica = member.replica();
        Replica owner = sandbox == null ? null : sandbox.owner();
        if (owner == null) {
            problems.add(
                    member.subject(),
                    "it joined the network of a container that is no more: "
                            + Escaped.quoted(new ReplicaId("", replica.joined()).shortId()),
                    "recreate it, so that it joins the one that there is now");
            return List.of();
        }
        if (!owner.alive()) {
            problems.add(
                    member.subject(),
                    "nobody reaches it: "
                            + Asker.subject(owner)
                            + ", whose network it joined, does not run",
                    "start " + Escaped.text(owner.name()));
            return List.of();
        }
        if (isStranded(replica, owner)) {
            strand(member, owner);
            return List.of();
        }
        return List.of(new Seat(member, owner, sandbox));
    }

    private static boolean isStranded(Replica replica, Replica owner) {
        return replica.alive()
                && replica.namespace() != 0
                && owner.namespace() != 0
                && replica.namespace() != owner.namespace();
    }

    private void strand(Asker member, Replica owner) {
        boolean restarts =
                member.reading().settings().restart()
                        && replicas.asker(owner).reading().settings().restart();
        if (restarts) {
            stranded.add(new Stranded(member.replica().id(), member.replica().startedAt()));
            return;
        }
        problems.add(
                member.subject(),
                Asker.subject(owner)
                        + " was restarted and has a new network, while this one was left in the old",
                "restart it, or drop " + SameportLabels.RESTART + "=false to have that done");
    }
}
