package dev.sameport.plane.proxy.http;

import dev.sameport.model.Affinity;
import dev.sameport.model.Policies;
import dev.sameport.model.TlsPolicy;
import dev.sameport.plane.proxy.l4.Door;
import dev.sameport.plane.proxy.l4.PortTable;
import dev.sameport.plane.proxy.tls.TlsTermination;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// HTTP on one published port: its options and its lanes, one for each event loop. Any thread.
final class HttpPort {
    private final HttpShared shared;
    private final Door door;
    private final Function<Policies, HttpOptions> optionsOf;
    private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
    private final Set<ClientConnection> clients = ConcurrentHashMap.newKeySet();
    private final AtomicInteger held = new AtomicInteger();

    /// What holds now; replaced when the policies of the port's service change.
    private volatile Agreed agreed;

    /// The cookies of the table that was asked for last.
    private volatile @Nullable StickyCookies cookies;

    private record Agreed(Policies policies, HttpOptions options, @Nullable TlsTermination tls) {}

    HttpPort(HttpShared shared, Door door, Function<Policies, HttpOptions> optionsOf) {
        this.shared = shared;
        this.door = door;
        this.optionsOf = optionsOf;
        this.agreed = agree(door.table().service().policies(), null);
    }

    private Agreed agree(Policies policies, @Nullable Agreed former) {
        if (former != null && Objects.equals(former.policies().tls(), policies.tls())) {
            return new Agreed(policies, optionsOf.apply(policies), former.tls());
        }
        if (former != null && former.tls() != null) {
            former.tls().close();
        }
        TlsPolicy tls = policies.tls();
        return new Agreed(
                policies,
                optionsOf.apply(policies),
                tls == null || !tls.usable() ? null : shared.tls().open(tls));
    }

    @SuppressWarnings("ReferenceEquality") // A table keeps its policies: the same ones are equal.
    private Agreed agreed() {
        Policies now = door.table().service().policies();
        return agreed.policies() == now ? agreed : renewed(now);
    }

    private synchronized Agreed renewed(Policies now) {
        Agreed former = agreed;
        if (!former.policies().equals(now)) {
            agreed = agree(now, former);
        } else {
            agreed = new Agreed(now, former.options(), former.tls());
        }
        return agreed;
    }

    /// The TLS that ends here, null where none does.
    @Nullable TlsTermination tls() {
        return agreed().tls();
    }

    /// Whether TLS was asked for and can't be: then nothing is said in plain text instead.
    boolean refuses() {
        Agreed now = agreed();
        return now.policies().tls() != null && now.tls() == null;
    }

    /// Lets go of what it holds; what is open goes on.
    synchronized void release() {
        if (agreed.tls() != null) {
            agreed.tls().close();
        }
    }

    /// How the clients of `table` keep their endpoints; null where they don't by cookie.
    @Nullable StickyCookies cookies(PortTable table) {
        if (!(table.service().policies().affinity() instanceof Affinity.Cookie affinity)) {
            return null;
        }
        StickyCookies now = cookies;
        if (now == null || !now.isFor(table)) {
            now = StickyCookies.of(affinity.name(), table, shared.cookieKey());
            cookies = now;
        }
        return now;
    }

    HttpShared shared() {
        return shared;
    }

    Door door() {
        return door;
    }

    HttpOptions options() {
        return agreed().options();
    }

    /// The lane of one event loop.
    Lane lane(EventLoop loop) {
        Lane lane = lanes.get(loop);
        return lane != null ? lane : lanes.computeIfAbsent(loop, this::open);
    }

    private Lane open(EventLoop loop) {
        Lane lane = new Lane(shared.state(loop), this);
        door.hold(lane); // For good: it wants to hear of every table.
        return lane;
    }

    /// What all lanes have counted.
    void count(HttpCounts.Sum sum) {
        lanes.values().forEach(lane -> lane.meters.add(sum));
    }

    /// Takes a place for a request that waits for an endpoint; false when all are taken.
    boolean enterHold() {
        if (held.incrementAndGet() <= options().held()) {
            return true;
        }
        held.decrementAndGet();
        return false;
    }

    void leaveHold() {
        held.decrementAndGet();
    }

    /// Requests that wait for an endpoint now.
    int held() {
        return held.get();
    }

    /// Whether the port passes to a successor, so that connections should end after an answer.
    boolean finishing() {
        return shared.finishing();
    }

    void track(ClientConnection client) {
        clients.add(client);
    }

    void untrack(ClientConnection client) {
        clients.remove(client);
    }

    /// Client connections that are open now.
    int clients() {
        return clients.size();
    }
}
