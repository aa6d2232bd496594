package dev.sameport.plane.reuseport;

import dev.sameport.linux.BorrowedSocket;
import dev.sameport.linux.ControlGroups;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.ListeningSocket;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.ProcessTree;
import dev.sameport.linux.SocketDiagnostics;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Replica;
import dev.sameport.plane.reuseport.Seats.Seat;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One port of one network namespace: finds the sockets that listen there, tells whose they are,
/// and gives each its share. One thread at a time.
final class SharedPort implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SharedPort.class.getName());

    /// Of no socket.
    private static final long NO_COOKIE = 0;

    private static final String HIDDEN =
            "it is in the root of the cgroup v2 hierarchy, so it can't be told from other servers";

    private final NetworkNamespace namespace;
    private final boolean onHost;
    private final long cookie;
    private final int port;
    private final SocketDiagnostics sockets;
    private final Groups groups;
    private final Seats seats = new Seats();
    private final Map<EndpointId, EndpointSpec> members = new TreeMap<>();
    private final Set<Long> strangers = new HashSet<>();
    private final Set<Long> boundAlone = new HashSet<>();
    private final Set<Seat> waiting = new HashSet<>();
    private Map<EndpointId, Integer> weights = Map.of();
    private boolean weighed;
    private List<ListeningSocket> seen = List.of();

    /// @param namespace closed with this
    /// @param onHost whether servers that have nothing to do with us may be there, too
    /// @param folder where groups are pinned; null where this machine has none
    SharedPort(NetworkNamespace namespace, boolean onHost, int port, @Nullable Path folder) {
        this.namespace = namespace;
        this.onHost = onHost;
        this.cookie = namespace.cookie();
        this.port = port;
        this.sockets = namespace.call(SocketDiagnostics::open);
        this.groups = new Groups(folder, Long.toUnsignedString(cookie) + "-" + port);
    }

    NetworkNamespace namespace() {
        return namespace;
    }

    long cookie() {
        return cookie;
    }

    /// Who may listen here from now on.
    void setMembers(List<EndpointSpec> wanted) {
        Map<EndpointId, EndpointSpec> next = new TreeMap<>();
        wanted.forEach(spec -> next.put(spec.id(), spec));
        members.keySet().stream().filter(id -> !next.containsKey(id)).forEach(seats::forget);
        members.clear();
        members.putAll(next);
        // One of them may be theirs.
        strangers.clear();
    }

    /// Who gets how much; who is not named, or has 0, gets nothing new.
    void weigh(Map<EndpointId, Integer> next) {
        if (!weighed || !next.equals(weights)) {
            weighed = true;
            weights = Map.copyOf(next);
            groups.weigh(seats.weights(weights));
        }
    }

    /// The shares of sockets that are yet to be found; null leaves those of an earlier daemon.
    void setWeights(@Nullable Map<EndpointId, Integer> known) {
        if (known != null) {
            weighed = true;
            weights = Map.copyOf(known);
        }
    }

    /// Looks which sockets are there now; tells whether any came or went.
    boolean look() {
        seen = sockets.listeningOn(port);
        boolean changed = leaveClosed();
        Set<Long> fresh =
                seen.stream()
                        .map(ListeningSocket::inode)
                        .filter(inode -> !seats.has(inode) && !strangers.contains(inode))
                        .collect(Collectors.toSet());
        if (!fresh.isEmpty()) {
            changed |= seat(fresh);
            seatWaiting();
        }
        // Until a state is applied, what an earlier daemon said holds.
        if (changed && weighed) {
            groups.weigh(seats.weights(weights));
        }
        return changed;
    }

    /// Looks again at sockets that were nobody's.
    void lookAtStrangersAgain() {
        strangers.clear();
    }

    private boolean leaveClosed() {
        Set<Long> open = seen.stream().map(ListeningSocket::inode).collect(Collectors.toSet());
        strangers.retainAll(open);
        boundAlone.retainAll(open);
        boolean changed = false;
        for (Seat seat : seats.all()) {
            if (!open.contains(seat.inode()) || !members.containsKey(seat.member())) {
                waiting.remove(seat);
                seats.remove(seat, groups.hits(seat.number()));
                groups.leave(seat.number());
                changed = true;
            }
        }
        return changed;
    }

    private boolean seat(Set<Long> fresh) {
        ProcessTree processes = ProcessTree.look();
        boolean changed = false;
        for (ListeningSocket socket : seen) {
            if (fresh.contains(socket.inode())) {
                boolean known = seat(socket, processes);
                if (!known) {
                    strangers.add(socket.inode());
                }
                changed |= known;
            }
        }
        return changed;
    }

    private boolean seat(ListeningSocket socket, ProcessTree processes) {
        for (EndpointSpec member : members.values()) {
            OptionalInt init = initOf(member);
            for (int pid :
                    init.isPresent() ? processes.from(init.getAsInt()) : List.<Integer>of()) {
                Optional<BorrowedSocket> borrowed = BorrowedSocket.of(pid, socket.inode());
                if (borrowed.isPresent()) {
                    try (BorrowedSocket held = borrowed.get()) {
                        seat(member.id(), pid, socket, held);
                    }
                    return true;
                }
            }
        }
        return false;
    }

    private static OptionalInt initOf(EndpointSpec member) {
        Replica replica = member.replica();
        return replica == null ? OptionalInt.empty() : replica.initPid();
    }

    private void seat(EndpointId member, int pid, ListeningSocket socket, BorrowedSocket held) {
        if (!held.sharesPort() && isHidden(pid)) {
            boundAlone.add(socket.inode());
        } else if (!held.sharesPort()) {
            share(member, held, socket.inode());
        }
        int number = groups.numberOf(socket.cookie()).orElseGet(seats::free);
        groups.grow(number + 1, seats.all());
        Seat seat = new Seat(number, socket.inode(), pid, member, groups.hits(number));
        if (!groups.join(number, socket.cookie(), held)) {
            // It was alone when it bound; it comes into a group with the next one.
            waiting.add(seat);
        }
        seats.put(seat);
    }

    private boolean isHidden(int pid) {
        return onHost && ControlGroups.ownGroupOf(pid).isEmpty();
    }

    /// It bound before we could say that it shares.
    private void share(EndpointId member, BorrowedSocket held, long inode) {
        try {
            held.share();
        } catch (LinuxException refusal) {
            boundAlone.add(inode);
            LOG.log(
                    Level.DEBUG,
                    "reuseport member={0} shares=no reason={1}",
                    member,
                    refusal.getMessage());
        }
    }

    private void seatWaiting() {
        for (Seat seat : List.copyOf(waiting)) {
            BorrowedSocket.of(seat.pid(), seat.inode())
                    .ifPresent(socket -> {
                        try (socket) {
                            if (groups.join(seat.number(), NO_COOKIE, socket)) {
                                waiting.remove(seat);
                            }
                        }
                    });
        }
    }

    /// Whether a member listens.
    boolean listens(EndpointId member) {
        return seats.has(member);
    }

    /// Connections that each member was given here.
    Map<EndpointId, Long> connections() {
        return seats.counts(groups::hits);
    }

    /// What was seen of a member.
    ///
    /// @param waited whether it has had its time to listen
    Findings.Member facts(EndpointSpec member, boolean waited) {
        Set<Long> own =
                seats.all().stream()
                        .filter(seat -> seat.member().equals(member.id()))
                        .map(Seat::inode)
                        .collect(Collectors.toSet());
        List<ListeningSocket> here =
                seen.stream().filter(socket -> own.contains(socket.inode())).toList();
        OptionalInt init = initOf(member);
        return new Findings.Member(
                member.name(),
                init.isPresent() ? ProcessTree.userOf(init.getAsInt()) : -1,
                here,
                own.stream().anyMatch(boundAlone::contains),
                waited,
                waited && here.isEmpty() && init.isPresent()
                        ? elsewhere(init.getAsInt())
                        : List.of(),
                init.isPresent() && isHidden(init.getAsInt()) ? HIDDEN : null);
    }

    private List<Integer> elsewhere(int init) {
        Map<Long, Integer> others = new HashMap<>();
        sockets.listening().forEach(socket -> others.put(socket.inode(), socket.port()));
        ProcessTree processes = ProcessTree.look();
        return others.entrySet().stream()
                .filter(other -> other.getValue() != port)
                .filter(other -> holds(processes.from(init), other.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean holds(List<Integer> processes, long inode) {
        for (int pid : processes) {
            Optional<BorrowedSocket> borrowed = BorrowedSocket.of(pid, inode);
            borrowed.ifPresent(BorrowedSocket::close);
            if (borrowed.isPresent()) {
                return true;
            }
        }
        return false;
    }

    /// Ends the choice by weights: the kernel spreads connections evenly again.
    void erase() {
        for (Seat seat : seats.all()) {
            BorrowedSocket.of(seat.pid(), seat.inode())
                    .ifPresent(socket -> {
                        try (socket) {
                            socket.unchoose();
                        }
                    });
        }
        groups.erase();
    }

    /// Lets go; shares stay in force.
    @Override
    public void close() {
        groups.close();
        sockets.close();
        namespace.close();
    }
}
