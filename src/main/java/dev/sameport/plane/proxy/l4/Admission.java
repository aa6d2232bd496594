package dev.sameport.plane.proxy.l4;

import dev.sameport.balance.Chooser;
import dev.sameport.balance.Keys;
import dev.sameport.balance.Situation;
import dev.sameport.health.Dialer;
import dev.sameport.model.Family;
import dev.sameport.model.ProxyVersion;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.plane.proxy.wire.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A client's connection from its accept until it is relayed or reset: it finds an endpoint that
/// accepts, or waits for one.
///
/// Nothing is read from the client meanwhile (but see `EarlyBytes`), so any endpoint can still be
/// tried. A client that ends its side while it waits without having sent a byte is taken for gone.
///
/// Everything is confined to the client's event loop, on which the endpoint's connection runs too;
/// `wake` alone may be called by any thread.
final class Admission extends ChannelInboundHandlerAdapter implements Situation, Waiting {

    /// Netty counts connect timeouts in milliseconds; 0 would be no limit.
    private static final long SHORTEST_ATTEMPT = TimeUnit.MILLISECONDS.toNanos(1);

    private enum State {
        CHOOSING,
        CONNECTING,
        HELD,
        OVER
    }

    private final TcpLane lane;
    private final Door door;
    private final ListenerShared shared;
    private final SocketChannel downstream;
    private final long acceptedAt = System.nanoTime();
    private final EarlyBytes early;
    private final DeathWatch deathWatch;
    private State state = State.CHOOSING;
    private PortTable table;

    /// Rows of `table` that were tried and failed.
    private final BitSet tried = new BitSet();

    private long turn = -1;
    private boolean inputEnded;

    /// Whether a place of the hold limit is taken.
    private boolean counted;

    /// Where a place is taken, once one is.
    private @Nullable Places entered;

    /// Where a place is waited for.
    private @Nullable Places queued;

    private @Nullable ChannelFuture connecting;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ScheduledFuture<?> retry;

    /// @param door the lane's, or that door as this client sees it
    Admission(TcpLane lane, Door door, SocketChannel downstream) {
        this.lane = lane;
        this.door = door;
        this.shared = lane.shared();
        this.downstream = downstream;
        this.table = door.table();
        this.early = new EarlyBytes(shared.limit());
        this.deathWatch = new DeathWatch(downstream, this::reset);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        proceed();
    }

    /// Looks again whether there is an endpoint. Any thread.
    @Override
    public void wake() {
        downstream.eventLoop().execute(this::wakeNow);
    }

    private void wakeNow() {
        if (state == State.HELD) {
            stopWaiting();
            state = State.CHOOSING;
            proceed();
        }
    }

    private void proceed() {
        boolean _ = refresh();
        switch (table.intake()) {
            case REFUSE -> reset();
            case HOLD -> hold();
            case SERVE -> {
                if (enterService()) {
                    choose();
                } else {
                    hold();
                }
            }
        }
    }

    /// Takes a place among the service's connections until this one is closed.
    private boolean enterService() {
        Places places = table.places();
        if (entered == null && places.enter(table.tcp().connections(), this)) {
            entered = places;
            downstream.closeFuture().addListener(_ -> places.leave());
        }
        queued = entered == null ? places : null;
        return entered != null;
    }

    @SuppressWarnings("ReferenceEquality") // Which table it is counts, not what is in it.
    private boolean swapped() {
        return door.table() != table;
    }

    /// Goes by the table that holds now; whether that is another one.
    private boolean refresh() {
        boolean swapped = swapped();
        if (swapped) {
            table = door.table();
            tried.clear();
        }
        return swapped;
    }

    private void choose() {
        int row = table.chooser().choose(this);
        if (row == Chooser.NONE) {
            hold();
            return;
        }
        long oneConnect = table.tcp().connectTimeout().toNanos();
        long left = Math.max(table.hold().toNanos(), oneConnect) - elapsed();
        if (left < SHORTEST_ATTEMPT) {
            reset();
        } else {
            connect(row, Duration.ofNanos(Math.min(left, oneConnect)));
        }
    }

    private void connect(int index, Duration timeout) {
        state = State.CONNECTING;
        PortTable.Row row = table.rows().get(index);
        ChannelFuture attempt =
                shared.upstream().dial(downstream.eventLoop(), row.address(family()), timeout);
        connecting = attempt;
        attempt.addListener(_ -> tried(attempt, index));
    }

    private Family family() {
        return Family.of(downstream.remoteAddress().getAddress());
    }

    private void tried(ChannelFuture attempt, int index) {
        connecting = null;
        boolean connected = attempt.isSuccess() && !Dialer.reachedItself(attempt.channel());
        if (state == State.OVER) {
            var _ = attempt.channel().close();
            return;
        }
        PortTable.Row row = table.rows().get(index);
        PortTable.Row serving = connected ? stillServing(row) : null;
        if (serving != null) {
            relay((DuplexChannel) attempt.channel(), serving);
            return;
        }
        var _ = attempt.channel().close();
        if (!connected) {
            tried.set(index);
        }
        state = State.CHOOSING;
        proceed();
    }

    /// The row of the same endpoint in the table that holds now, null where it takes no more
    /// connections: nothing was sent yet, so another one can be asked.
    private PortTable.@Nullable Row stillServing(PortTable.Row row) {
        return refresh() ? table.row(row.endpoint().id()) : row;
    }

    private void relay(DuplexChannel upstream, PortTable.Row row) {
        // The bytes are handed over before the end, which would discard them.
        var bytes = early.take();
        end();
        downstream.pipeline().remove(this);
        EndpointRelays relays = lane.to(row, table.service().policies().drain());
        Relay relay = new Relay(downstream, upstream, relays, shared.options().linger());
        ProxyVersion sends = table.tcp().sends();
        if (sends != null) {
            relay.greet(header(sends));
        }
        relay.start(table.tcp().idleTimeout(), bytes, inputEnded);
    }

    private ByteBuf header(ProxyVersion version) {
        ByteBuf header = downstream.alloc().buffer(ProxyProtocol.MOST_TEXT);
        ProxyProtocol.write(
                version,
                ClientAddress.source(downstream),
                ClientAddress.destination(downstream),
                header);
        return header;
    }

    private void hold() {
        long left = table.hold().toNanos() - elapsed();
        if (left <= 0 || !enter() || (inputEnded && early.isEmpty())) {
            reset();
            return;
        }
        state = State.HELD;
        door.hold(this);
        deadline = downstream.eventLoop().schedule(this::expire, left, TimeUnit.NANOSECONDS);
        if (table.intake() == Intake.SERVE && queued == null) {
            long pause = shared.options().retry().toNanos();
            retry = downstream.eventLoop().schedule(this::again, pause, TimeUnit.NANOSECONDS);
        }
        noticeDeparture();
        if (swapped()) {
            wake(); // It was swapped before we were among those to be woken.
        }
    }

    private boolean enter() {
        counted = counted || shared.limit().enter();
        return counted;
    }

    private void noticeDeparture() {
        if (inputEnded) {
            deathWatch.start();
        } else if (shared.loops().transport().noticesOnlyByReading() && early.isEmpty()) {
            downstream.read();
        }
    }

    private void again() {
        tried.clear();
        wakeNow();
    }

    private void expire() {
        if (state == State.HELD) {
            reset();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        ByteBuf buffer = (ByteBuf) bytes;
        if (state == State.OVER) {
            buffer.release();
        } else if (!early.add(buffer)) {
            reset();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && state != State.OVER) {
            inputEnded = true;
            if (state == State.HELD && early.isEmpty()) {
                reset();
            } else {
                deathWatch.start();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        reset();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
    }

    private void reset() {
        end();
        Sockets.reset(downstream);
    }

    private void end() {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        if (queued != null && !queued.forget(this)) {
            queued.wakeNext(); // We were woken, and don't take the place.
        }
        queued = null;
        stopWaiting();
        deathWatch.stop();
        early.discard();
        if (counted) {
            shared.limit().leave();
        }
        if (connecting != null) {
            var _ = connecting.channel().close();
        }
    }

    private void stopWaiting() {
        door.unhold(this);
        if (queued != null) {
            var _ = queued.forget(this);
            queued = null;
        }
        cancel(deadline);
        cancel(retry);
        deadline = null;
        retry = null;
    }

    private static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private long elapsed() {
        return System.nanoTime() - acceptedAt;
    }

    @Override
    public RandomGenerator random() {
        return ThreadLocalRandom.current();
    }

    @Override
    public long clientKey() {
        return Keys.of(ClientAddress.source(downstream).getAddress().getAddress());
    }

    @Override
    public long turn() {
        if (turn < 0) {
            turn = door.nextTurn();
        }
        return turn;
    }

    @Override
    public int active(int index) {
        return table.rows().get(index).tally().active();
    }

    @Override
    public boolean excluded(int index) {
        return tried.get(index);
    }
}
