package dev.sameport.health;

import dev.sameport.model.EndpointSpec;
import dev.sameport.model.HealthPolicy;
import dev.sameport.model.HttpProbe;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Connects to one endpoint again and again; asks it for a page, or closes at once without sending
/// a byte.
///
/// The latter closes in order (FIN), not with a reset: to an app the probe is a client that changed
/// its mind, which hardly any logs, while a read that fails with ECONNRESET often is logged as an
/// error. The price is a socket in TIME_WAIT on our side for a minute: 12 per endpoint at the
/// default interval, each with its own source port only per endpoint.
///
/// Fields are confined to `loop`.
final class EndpointProbe {
    private static final Duration LONGEST_WHILE_STARTING = Duration.ofSeconds(1);

    private final EndpointSpec spec;
    private final HealthPolicy policy;
    private final ProbeListener listener;
    private final Dialer dialer;
    private final EventLoop loop;

    /// How many probes' endpoints never were healthy; any thread.
    private final AtomicInteger starting;

    private final InetSocketAddress address;
    private ProbeResult last;
    private boolean stopped;
    private long startedAt;
    private Duration pause = Duration.ZERO;
    private @Nullable ChannelFuture attempt;
    private @Nullable ScheduledFuture<?> timer;

    EndpointProbe(
            EndpointSpec spec,
            HealthPolicy policy,
            ProbeListener listener,
            Dialer dialer,
            AtomicInteger starting) {
        this.spec = spec;
        this.policy = policy;
        this.listener = listener;
        this.dialer = dialer;
        this.loop = dialer.next();
        this.starting = starting;
        InetSocketAddress own = EndpointAddress.of(spec).preferred();
        this.address =
                policy.port() == 0 ? own : new InetSocketAddress(own.getAddress(), policy.port());
        this.last = ProbeResult.none(spec.id());
    }

    /// Whether a probe for these would do the same: a restarted replica is another one, one whose
    /// health or weight changed isn't.
    boolean isFor(EndpointSpec otherSpec, HealthPolicy otherPolicy, ProbeListener otherListener) {
        return EndpointAddress.of(spec).equals(EndpointAddress.of(otherSpec))
                && Objects.equals(startOf(spec), startOf(otherSpec))
                && policy.equals(otherPolicy)
                && listener.equals(otherListener);
    }

    private static @Nullable Instant startOf(EndpointSpec spec) {
        return spec.replica() == null ? null : spec.replica().startedAt();
    }

    /// Probes at once, then on its schedule. Any thread, once.
    void start() {
        starting.incrementAndGet();
        loop.execute(() -> {
            startedAt = System.nanoTime();
            connect();
        });
    }

    /// Probes now. Any thread.
    void expedite() {
        loop.execute(this::connect);
    }

    /// Probes no more; nothing is reported once this has run on the event loop. Any thread.
    void stop() {
        loop.execute(this::stopNow);
    }

    private void stopNow() {
        if (stopped) {
            return;
        }
        stopped = true;
        if (!last.everHealthy()) {
            starting.decrementAndGet();
        }
        cancelTimer();
        if (attempt != null) {
            var _ = attempt.channel().close();
        }
    }

    private void connect() {
        if (stopped || attempt != null) {
            return;
        }
        cancelTimer();
        ChannelFuture connecting = dialer.dial(loop, address, timeout());
        attempt = connecting;
        connecting.addListener(_ -> ended(connecting));
    }

    private Duration timeout() {
        Duration most = policy.timeout();
        return last.everHealthy() || most.compareTo(LONGEST_WHILE_STARTING) < 0
                ? most
                : LONGEST_WHILE_STARTING;
    }

    private void ended(ChannelFuture connected) {
        Channel channel = connected.channel();
        boolean accepted = connected.isSuccess() && !Dialer.reachedItself(channel);
        HttpProbe http = policy.http();
        if (accepted && http != null && !stopped) {
            HttpQuestion.ask(channel, http, address, timeout(), healthy -> found(true, healthy));
            return;
        }
        var _ = channel.close();
        found(accepted, accepted);
    }

    private void found(boolean accepted, boolean healthy) {
        attempt = null;
        if (stopped) {
            return;
        }
        ProbeResult before = last;
        last = before.next(accepted, healthy, System.nanoTime());
        if (healthy && !before.everHealthy()) {
            starting.decrementAndGet();
        }
        scheduleNext();
        if (isNews(before)) {
            listener.probed(last);
        }
    }

    /// The first result of all, every change, each failure of one that was healthy, and each
    /// success as long as it counts.
    private boolean isNews(ProbeResult before) {
        return before.failuresInRow() + before.successesInRow() == 0
                || last.accepted() != before.accepted()
                || (last.healthy() ? last.successesInRow() <= policy.rise() : before.everHealthy());
    }

    private void scheduleNext() {
        Duration sinceStart = Duration.ofNanos(last.at() - startedAt);
        pause =
                last.everHealthy()
                        ? policy.interval()
                        : ProbeSchedule.whileStarting(
                                sinceStart, pause, starting.get(), last.accepted());
        timer = loop.schedule(this::connect, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
