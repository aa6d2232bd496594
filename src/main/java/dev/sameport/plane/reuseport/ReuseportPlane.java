package dev.sameport.plane.reuseport;

import dev.sameport.linux.ControlGroups;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Problem;
import dev.sameport.model.Replica;
import dev.sameport.model.Sandbox;
import dev.sameport.model.SandboxPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.plane.Support;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The reuseport plane: lets replicas of a sandbox share its port, sees who of them listens, and
/// gives each its share.
///
/// What it does outlives the daemon, and is taken over by the next one. Any thread may call.
public final class ReuseportPlane implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ReuseportPlane.class.getName());
    private static final int NO_PROCESS = 3;
    private static final Duration EAGER = Duration.ofMillis(5);
    private static final Duration USUAL = Duration.ofMillis(500);
    private static final Duration PREPARED = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofHours(1);

    private final Path runDirectory;
    private final Path folder;
    private final Consumer<Sighting> sightings;
    private final Runnable otherProblems;
    private final MigratedRequests requests;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // all below guarded by lock
    private final Hook hook;
    private final Map<Place, SharedPort> ports = new HashMap<>();
    private final Map<Place, Sandbox> sandboxes = new HashMap<>();
    private final Map<Place, Long> prepared = new HashMap<>();
    private final Map<Place, Problem> refused = new HashMap<>();
    private final Map<EndpointId, Watched> members = new HashMap<>();
    private Map<Place, Map<EndpointId, Integer>> weights = Map.of();
    private List<Problem> problems = List.of();
    private boolean problemsChanged;
    private long looked = System.nanoTime() - USUAL.toNanos();
    private boolean followed;
    private boolean closed;

    /// @param runDirectory a bpf file system is mounted in its folder `bpf` once one is needed
    /// @param sightings told, on a thread of the plane's, who began or ceased to listen
    /// @param otherProblems told likewise when [#problems] changed
    public ReuseportPlane(Path runDirectory, Consumer<Sighting> sightings, Runnable otherProblems) {
        this.otherProblems = otherProblems;
        this.runDirectory = runDirectory;
        this.folder = Remains.bpf(runDirectory);
        this.requests = new MigratedRequests(Remains.notes(runDirectory));
        this.hook = new Hook(folder);
        this.sightings = sightings;
        Thread.ofPlatform().daemon().name("reuseport").start(this::watch);
    }

    /// Whether this machine can do it: the programs are loaded, and nothing is attached.
    public Support support() {
        String refusal = Trial.run();
        return refusal == null
                ? new Support("reuseport", "eBPF at bind(2) and in SO_REUSEPORT groups", null)
                : new Support(
                        "reuseport",
                        "",
                        new Problem(
                                "plane reuseport",
                                refusal,
                                "replicas that set SO_REUSEPORT themselves share all the same; for"
                                        + " others use nat"));
    }

    /// Lets who binds from now on share, before [#follow] says so too, which is expected to happen
    /// soon.
    ///
    /// @throws IllegalStateException when this machine can't
    public void prepare(SandboxPort shared) {
        locked(() -> {
            Place place = Place.of(shared);
            open(place, shared);
            Problem problem = refused.get(place);
            String refusal = hook.refusal();
            if (problem != null || refusal != null) {
                throw new IllegalStateException(problem == null ? refusal : problem.what());
            }
            prepared.put(place, System.nanoTime());
        });
    }

    private boolean isPrepared(Place place, long now) {
        Long at = prepared.get(place);
        return at != null && now - at < PREPARED.toNanos();
    }

    /// Who is to share from now on: where, whether anybody is there or not, and who.
    public void follow(Set<SandboxPort> wanted, List<EndpointSpec> specs) {
        locked(() -> {
            Map<Place, SandboxPort> places = new HashMap<>();
            wanted.forEach(shared -> places.put(Place.of(shared), shared));
            List<Place> gone = new ArrayList<>(ports.keySet());
            gone.removeAll(places.keySet());
            long now = System.nanoTime();
            prepared.keySet()
                    .removeIf(place -> places.containsKey(place) || !isPrepared(place, now));
            gone.removeAll(prepared.keySet());
            gone.forEach(this::retire);
            refused.keySet().retainAll(places.keySet());
            places.forEach(this::open);
            followMembers(specs);
            if (ports.isEmpty() && (!gone.isEmpty() || !followed)) {
                hook.detach();
                leaveNothing();
            }
            followed = true;
            changed.signalAll();
        });
    }

    /// Also of what an earlier daemon shared, and nobody asks for any more.
    private void leaveNothing() {
        try {
            List<String> _ = Remains.remove(runDirectory);
            Remains.unmount(folder);
        } catch (LinuxException refusal) {
            LOG.log(Level.WARNING, "reuseport leftovers=kept reason={0}", refusal.getMessage());
        }
    }

    private void open(Place place, SandboxPort shared) {
        sandboxes.put(place, shared.sandbox());
        if (ports.containsKey(place)) {
            return;
        }
        try {
            SharedBind bind = hook.attached();
            SharedPort port =
                    new SharedPort(
                            namespace(shared.sandbox()),
                            place.onHost(),
                            place.port(),
                            bind == null ? null : folder);
            port.setWeights(weights.get(place));
            ports.put(place, port);
            refused.remove(place);
            if (bind != null && !place.onHost()) {
                bind.share(port.namespace(), place.port());
            }
            requests.begin(port.namespace(), port.cookie());
        } catch (LinuxException refusal) {
            refused.put(
                    place,
                    new Problem(
                            "sandbox " + shared.sandbox().name(),
                            "its network can't be looked into: " + refusal.getMessage(),
                            "run the daemon as root, in the pid namespace of the engine"));
        }
    }

    private static NetworkNamespace namespace(Sandbox sandbox) {
        Replica owner = sandbox.owner();
        if (owner == null) {
            return NetworkNamespace.own();
        }
        return NetworkNamespace.ofProcess(
                owner.initPid()
                        .orElseThrow(() ->
                                new LinuxException(
                                        "find the process of " + owner.name(),
                                        NO_PROCESS,
                                        "it does not run")));
    }

    private void retire(Place place) {
        SharedPort port = ports.remove(place);
        sandboxes.remove(place);
        if (port == null) {
            return;
        }
        try (port) {
            port.erase();
            SharedBind bind = hook.attached();
            if (bind != null) {
                bind.unshare(port.cookie(), place.port());
            }
            boolean others =
                    ports.values().stream().anyMatch(other -> other.cookie() == port.cookie());
            if (!others) {
                requests.end(port.namespace(), port.cookie());
            }
        } catch (LinuxException refusal) {
            LOG.log(Level.WARNING, "reuseport leftovers=kept reason={0}", refusal.getMessage());
        }
    }

    private void followMembers(List<EndpointSpec> specs) {
        Map<EndpointId, Watched> before = Map.copyOf(members);
        members.clear();
        long now = System.nanoTime();
        Map<Place, List<EndpointSpec>> byPlace = new HashMap<>();
        for (EndpointSpec spec : specs) {
            Place place = Place.of(spec);
            if (place == null) {
                continue;
            }
            byPlace.computeIfAbsent(place, _ -> new ArrayList<>()).add(spec);
            Watched known = before.get(spec.id());
            members.put(
                    spec.id(),
                    known != null && known.same(spec)
                            ? known.describedBy(spec)
                            : new Watched(spec, now));
        }
        ports.forEach((place, port) -> port.setMembers(byPlace.getOrDefault(place, List.of())));
        if (!ports.isEmpty()) {
            admit(byPlace);
        }
    }

    /// On the host's own network there are other servers: only those share that a cgroup tells to
    /// be replicas.
    private void admit(Map<Place, List<EndpointSpec>> byPlace) {
        SharedBind bind = hook.attached();
        if (bind == null) {
            return;
        }
        Set<Long> admitted = new HashSet<>();
        ports.forEach((place, port) -> {
            if (place.onHost()) {
                Set<Long> groups = groups(byPlace.getOrDefault(place, List.of()));
                if (!groups.isEmpty()) {
                    bind.shareAmongAdmitted(port.namespace(), place.port());
                }
                admitted.addAll(groups);
            }
        });
        bind.admitOnly(admitted);
    }

    private static Set<Long> groups(List<EndpointSpec> members) {
        Set<Long> groups = new HashSet<>();
        for (EndpointSpec member : members) {
            Replica replica = member.replica();
            if (replica != null && replica.initPid().isPresent()) {
                ControlGroups.ownGroupOf(replica.initPid().getAsInt()).ifPresent(groups::add);
            }
        }
        return groups;
    }

    /// Gives each member its share: those that serve, by their weights.
    public void apply(Desired desired) {
        Map<Place, Map<EndpointId, Integer>> wanted = new HashMap<>();
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                for (Endpoint endpoint : port.endpoints()) {
                    Place place = Place.of(endpoint.spec());
                    if (place != null) {
                        wanted.computeIfAbsent(place, _ -> new HashMap<>())
                                .put(
                                        endpoint.id(),
                                        endpoint.serving() ? endpoint.spec().weight().value() : 0);
                    }
                }
            }
        }
        locked(() -> {
            weights = wanted;
            ports.forEach((place, port) ->
                    guarded(place, () -> port.weigh(wanted.getOrDefault(place, Map.of()))));
        });
    }

    /// Lets the next look tell again who listens.
    public void tellAgain(EndpointId member) {
        locked(() -> {
            Watched watched = members.get(member);
            if (watched != null) {
                watched.tellAgain();
                changed.signalAll();
            }
        });
    }

    /// New connections that each member was given.
    public Map<EndpointId, Long> connections() {
        Map<EndpointId, Long> all = new HashMap<>();
        locked(() ->
                ports.forEach((place, port) ->
                        guarded(
                                place,
                                () ->
                                        port.connections()
                                                .forEach((id, count) ->
                                                        all.merge(id, count, Long::sum)))));
        return all;
    }

    /// Who can't take part, and what to do.
    public List<Problem> problems() {
        List<Problem> all = new ArrayList<>();
        locked(() -> {
            all.addAll(refused.values());
            all.addAll(problems);
        });
        return all;
    }

    private void watch() {
        lock.lock();
        try {
            while (!closed) {
                List<Sighting> news = lookAround();
                boolean more = problemsChanged;
                problemsChanged = false;
                lock.unlock(); // Who is told may call back.
                try {
                    news.forEach(sightings);
                    if (more) {
                        otherProblems.run();
                    }
                } finally {
                    lock.lock();
                }
                boolean _ = changed.await(untilNextLook().toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private Duration untilNextLook() {
        if (ports.isEmpty()) {
            return IDLE;
        }
        long now = System.nanoTime();
        return members.values().stream().anyMatch(member -> member.eager(now)) ? EAGER : USUAL;
    }

    private List<Sighting> lookAround() {
        long now = System.nanoTime();
        boolean thoroughly = now - looked >= USUAL.toNanos();
        if (thoroughly) {
            looked = now;
            ports.values().forEach(SharedPort::lookAtStrangersAgain);
        }
        Set<Place> news = new HashSet<>();
        ports.forEach((place, port) ->
                guarded(
                        place,
                        () -> {
                            if (port.look()) {
                                news.add(place);
                            }
                        }));
        if (thoroughly || !news.isEmpty()) {
            List<Problem> before = problems;
            problems = findings(now);
            problemsChanged |= !problems.equals(before);
        }
        return sightings();
    }

    private List<Sighting> sightings() {
        List<Sighting> news = new ArrayList<>();
        for (Watched member : members.values()) {
            SharedPort port = ports.get(Place.of(member.spec));
            if (port != null && member.tell(port.listens(member.spec.id()))) {
                news.add(new Sighting(member.spec, port.listens(member.spec.id())));
            }
        }
        return news;
    }

    private List<Problem> findings(long now) {
        List<Problem> found = new ArrayList<>();
        ports.forEach((place, port) ->
                guarded(
                        place,
                        () -> {
                            List<Findings.Member> facts =
                                    members.values().stream()
                                            .filter(member -> place.equals(Place.of(member.spec)))
                                            .sorted((a, b) -> a.spec.id().compareTo(b.spec.id()))
                                            .map(member ->
                                                    port.facts(member.spec, member.waited(now)))
                                            .toList();
                            found.addAll(
                                    Findings.of(name(place), place.port(), hook.refusal(), facts));
                        }));
        return List.copyOf(found);
    }

    private String name(Place place) {
        Sandbox sandbox = sandboxes.get(place);
        return sandbox == null ? place.sandbox() : sandbox.name();
    }

    /// A namespace may vanish at any moment: that is no reason to leave the others alone.
    private void guarded(Place place, Runnable work) {
        try {
            work.run();
        } catch (LinuxException failure) {
            LOG.log(
                    Level.WARNING,
                    "reuseport sandbox={0} port={1} reason={2}",
                    name(place),
                    place.port(),
                    failure.getMessage());
        }
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /// Ends what needs this process; shares and the program at bind(2) stay in force.
    @Override
    public void close() {
        locked(() -> {
            closed = true;
            changed.signalAll();
            ports.values().forEach(SharedPort::close);
            ports.clear();
            hook.close();
        });
    }

    /// Takes everything away, and closes.
    public void erase() {
        locked(() -> {
            List.copyOf(ports.keySet()).forEach(this::retire);
            hook.detach();
            Remains.unmount(folder);
        });
        close();
    }

    /// What was refused, for tests.
    @Nullable String refusal() {
        return hook.refusal();
    }
}
