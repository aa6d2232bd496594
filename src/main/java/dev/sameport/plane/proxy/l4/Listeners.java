package dev.sameport.plane.proxy.l4;

import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointId;
import dev.sameport.model.Problem;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.plane.PortOutcome;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.l4.PortListener.Offer;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A user-space listener behind every published TCP port: it reserves the port, relays what the
/// kernel doesn't carry, and holds new connections while no endpoint is there.
///
/// `reserve`, `release` and `close` belong to the reconcile thread; the rest is for any thread.
/// Sockets are made by the calling thread and by the event loops: all of them should be in one
/// network namespace.
public final class Listeners implements AutoCloseable {
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(5).toNanos();

    private final EventLoops loops;
    private final PortHolders holders;
    private final ListenerShared shared;
    private final Tallies tallies = new Tallies();
    private final Reception tcp;
    private final @Nullable Reception http;
    private final Predicate<Service> isHttp;

    /// The ports that are ours. Confined to the reconcile thread.
    private final Map<PublishedPort, PortListener> listeners = new HashMap<>();

    /// Listens on nothing until told to, and relays bytes.
    ///
    /// @param holders who else listens
    public Listeners(EventLoops loops, PortHolders holders, ListenerOptions options) {
        this(loops, holders, options, null, _ -> false);
    }

    /// Listens on nothing until told to.
    ///
    /// @param holders who else listens
    /// @param http takes in the clients of services that `isHttp` tells; null where nobody can
    public Listeners(
            EventLoops loops,
            PortHolders holders,
            ListenerOptions options,
            @Nullable Reception http,
            Predicate<Service> isHttp) {
        this.loops = loops;
        this.holders = holders;
        this.shared = ListenerShared.of(loops, options);
        this.tcp = new TcpReception(shared);
        this.http = http;
        this.isHttp = isHttp;
    }

    /// Binds every published TCP port that isn't ours yet and gives each its new table; says for
    /// each TCP port whether it is ours. A conflict is tried again at the next call.
    ///
    /// A port that several services publish is shared by those that have server names; where the
    /// first has none it is the first's alone.
    ///
    /// Ports that are no longer desired stay as they are until `release`.
    public Map<PublishedPort, PortOutcome> reserve(Desired desired) {
        Map<PublishedPort, List<Wanted>> wanted = new LinkedHashMap<>();
        for (Service service : desired.services()) {
            for (ServicePort port : service.ports()) {
                if (port.published().protocol() == Protocol.TCP) {
                    wanted.computeIfAbsent(port.published(), _ -> new ArrayList<>())
                            .add(new Wanted(service, port));
                }
            }
        }
        Map<PublishedPort, PortOutcome> outcomes = new LinkedHashMap<>();
        wanted.forEach((published, all) ->
                outcomes.put(published, reserve(published, sharing(all), outcomes.keySet())));
        return outcomes;
    }

    /// What one service wants of a published port.
    private record Wanted(Service service, ServicePort port) {}

    private static List<Wanted> sharing(List<Wanted> all) {
        return all.getFirst().port().shared()
                ? all.stream().filter(wanted -> wanted.port().shared()).toList()
                : List.of(all.getFirst());
    }

    private PortOutcome reserve(
            PublishedPort published, List<Wanted> wanted, Set<PublishedPort> before) {
        PortListener listener = listeners.get(published);
        if (listener == null) {
            return bind(published, wanted, before);
        }
        if (!isFor(listener.offer(), wanted)) {
            listener.swap(offer(wanted));
        }
        return new PortOutcome.Carried();
    }

    private static boolean isFor(Offer offer, List<Wanted> wanted) {
        List<PortTable> tables = offer.tables();
        boolean same = tables.size() == wanted.size();
        for (int i = 0; same && i < tables.size(); i++) {
            same = tables.get(i).isFor(wanted.get(i).service(), wanted.get(i).port());
        }
        return same;
    }

    private Offer offer(List<Wanted> wanted) {
        List<PortTable> tables =
                wanted.stream().map(it -> PortTable.of(it.service(), it.port(), tallies)).toList();
        return Offer.of(tables, reception(wanted.getFirst().service()));
    }

    private PortOutcome bind(
            PublishedPort published, List<Wanted> wanted, Set<PublishedPort> before) {
        SocketPlan plan = SocketPlan.of(published, loops.ipv6());
        Problem obstacle = obstacle(published, plan, before);
        if (obstacle != null) {
            return new PortOutcome.Conflict(obstacle);
        }
        PortListener listener = new PortListener(published, shared, offer(wanted));
        Throwable failure = listener.bind(plan);
        if (failure != null) {
            return new PortOutcome.Conflict(BindProblems.failed(published, plan, failure));
        }
        listeners.put(published, listener);
        return new PortOutcome.Carried();
    }

    private Reception reception(Service service) {
        return http != null && isHttp.test(service) ? http : tcp;
    }

    /// What is known to be in the way before the kernel is asked: SO_REUSEPORT would let us in
    /// beside a foreign socket that has it too.
    private @Nullable Problem obstacle(
            PublishedPort published, SocketPlan plan, Set<PublishedPort> before) {
        for (PublishedPort other : before) {
            if (other.overlaps(published) && listeners.containsKey(other)) {
                return BindProblems.overlaps(published, other);
            }
        }
        if (plan.ipv6Only() && plan.isWildcard() && loops.transport() == Transport.NIO) {
            return BindProblems.needsEpoll(published);
        }
        for (PortHolder holder : holders.foreignOn(published.port())) {
            if (holder.address().overlaps(published.address())) {
                return BindProblems.held(published, holder);
            }
        }
        return null;
    }

    /// Closes the listeners of ports that are no longer desired. What they relay goes on until it
    /// ends or the drain of its service is over; what waits is reset.
    public void release(Desired desired) {
        Set<PublishedPort> wanted = new HashSet<>();
        Set<EndpointId> endpoints = new HashSet<>();
        Set<ServiceName> services = new HashSet<>();
        for (Service service : desired.services()) {
            services.add(service.name());
            for (ServicePort port : service.ports()) {
                wanted.add(port.published());
                port.endpoints().stream().map(Endpoint::id).forEach(endpoints::add);
            }
        }
        List<PublishedPort> unwanted =
                listeners.keySet().stream().filter(port -> !wanted.contains(port)).toList();
        unwanted.forEach(this::release);
        tallies.retain(endpoints, services);
    }

    private void release(PublishedPort port) {
        PortListener listener = listeners.remove(port);
        if (listener != null) {
            listener.close();
            listener.refuse();
        }
    }

    /// Connections that each endpoint was given so far, as long as it is desired or carries one.
    public Map<EndpointId, Long> connections() {
        return tallies.map(Tally::carried);
    }

    /// Connections that each endpoint carries now.
    public Map<EndpointId, Long> activeByEndpoint() {
        return tallies.map(Tally::active);
    }

    /// Connections of clients that are open now, those that wait included.
    public int active() {
        return shared.open().size();
    }

    /// Connections that wait for an endpoint now.
    public int held() {
        return shared.limit().connections();
    }

    /// Stops accepting, gives what is open `drain` to end by itself, then resets it.
    public void close(Duration drain) {
        listeners.values().forEach(PortListener::close);
        long start = System.nanoTime();
        while (active() > 0 && System.nanoTime() - start < drain.toNanos()) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        for (Channel open : shared.open()) {
            open.eventLoop().execute(() -> Sockets.reset(open));
        }
        listeners.clear();
    }

    /// Stops accepting and resets what is open.
    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
