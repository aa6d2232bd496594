package dev.sameport.plane.proxy.http;

import dev.sameport.health.Dialer;
import dev.sameport.model.Family;
import dev.sameport.plane.proxy.l4.PortTable;
import io.netty.channel.ChannelFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The connections to one endpoint from one event loop: idle ones to be used again, newest first,
/// and requests that wait for one. Confined to the event loop.
final class OriginPool {
    private static final long JUST_USED_NANOS = 1_000_000_000;

    /// Which connection will do.
    enum Freshness {
        /// Any that is open.
        ANY,
        /// One that was used within the last second, or a new one.
        JUST_USED,
        /// A new one.
        NEW
    }

    /// What came of a request for a connection.
    enum Outcome {
        /// `Exchange.leased` was called.
        GIVEN,
        /// `Exchange.leased` or `Exchange.notLeased` will be called.
        WAITING,
        /// Neither: too many wait.
        FULL
    }

    private final Lane lane;
    private final PortTable.Row row;
    private final ArrayDeque<OriginConnection> idle = new ArrayDeque<>();
    private final List<OriginConnection> all = new ArrayList<>();
    private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    private final Set<Exchange> connecting = new HashSet<>();
    private int connectingNow;
    private boolean retired;

    OriginPool(Lane lane, PortTable.Row row) {
        this.lane = lane;
        this.row = row;
    }

    PortTable.Row row() {
        return row;
    }

    Lane lane() {
        return lane;
    }

    /// Gives `exchange` a connection, at once or later.
    Outcome lease(Exchange exchange, Freshness freshness) {
        OriginConnection spare = freshness == Freshness.NEW ? null : takeIdle(freshness);
        if (spare != null) {
            exchange.leased(spare);
            return Outcome.GIVEN;
        }
        if (all.size() + connectingNow < lane.mostConnections() || makeRoom()) {
            connect(exchange);
            return Outcome.WAITING;
        }
        if (waiting.size() >= lane.port.options().queue()) {
            return Outcome.FULL;
        }
        waiting.add(exchange);
        return Outcome.WAITING;
    }

    private @Nullable OriginConnection takeIdle(Freshness freshness) {
        OriginConnection newest = idle.peekLast();
        boolean stale =
                newest != null
                        && freshness == Freshness.JUST_USED
                        && System.nanoTime() - newest.idleSince() > JUST_USED_NANOS;
        return stale ? null : idle.pollLast();
    }

    /// Closes the oldest idle connection, for a new one.
    private boolean makeRoom() {
        OriginConnection oldest = idle.pollFirst();
        if (oldest != null) {
            oldest.close();
        }
        return oldest != null;
    }

    private void connect(Exchange exchange) {
        connectingNow++;
        connecting.add(exchange);
        Family family = Family.of(exchange.client().client().getAddress());
        ChannelFuture attempt =
                lane.port
                        .shared()
                        .upstream()
                        .dial(lane.loop.loop, row.address(family), lane.port.options().connect());
        attempt.addListener(_ -> connected(attempt, exchange));
    }

    private void connected(ChannelFuture attempt, Exchange exchange) {
        connectingNow--;
        boolean wanted = connecting.remove(exchange);
        boolean connected = attempt.isSuccess() && !Dialer.reachedItself(attempt.channel());
        if (!connected) {
            var _ = attempt.channel().close();
            if (wanted) {
                exchange.notLeased();
            }
            lane.loop.flush();
            return;
        }
        OriginConnection connection = new OriginConnection(this, attempt.channel());
        all.add(connection);
        connection.start();
        if (wanted) {
            exchange.leased(connection);
        } else {
            give(connection);
        }
        lane.loop.flush();
    }

    /// `exchange` no longer waits for a connection.
    void withdraw(Exchange exchange) {
        if (!connecting.remove(exchange)) {
            waiting.remove(exchange);
        }
    }

    /// A connection that may serve another request.
    void give(OriginConnection connection) {
        Exchange next = waiting.pollFirst();
        if (next != null) {
            next.leased(connection);
        } else if (retired) {
            connection.close();
        } else {
            idle.addLast(connection);
            connection.idles();
        }
    }

    /// A connection that is closed.
    void lost(OriginConnection connection) {
        all.remove(connection);
        idle.remove(connection);
        Exchange next = waiting.pollFirst();
        if (next != null) {
            connect(next);
        }
    }

    /// The endpoint takes no new requests: idle connections close, the others when they are done.
    void retire() {
        retired = true;
        while (!idle.isEmpty()) {
            idle.pollLast().close();
        }
        Exchange next = waiting.pollFirst();
        while (next != null) {
            next.notLeased();
            next = waiting.pollFirst();
        }
    }

    /// The endpoint takes requests again.
    void revive() {
        retired = false;
    }

    boolean isRetired() {
        return retired;
    }

    /// Whether nothing is left of it.
    boolean isEmpty() {
        return all.isEmpty() && connectingNow == 0;
    }

    /// Takes unanswered requests to other endpoints where that is safe.
    void moveAway() {
        for (OriginConnection connection : List.copyOf(all)) {
            connection.moveAway();
        }
        for (Exchange exchange : Set.copyOf(connecting)) {
            if (connecting.remove(exchange)) {
                exchange.notLeased();
            }
        }
    }

    /// Ends what is left.
    void abort() {
        for (OriginConnection connection : List.copyOf(all)) {
            connection.abort();
        }
    }
}
