package dev.sameport.plane.proxy.l4;

import io.netty.channel.Channel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Looks now and then whether a connection whose input has ended still exists, because the event
/// loop isn't told of a reset any more then and would spin on it. Confined to the channel's event
/// loop.
final class DeathWatch {
    private static final long EVERY_MILLIS = 100;

    private final Channel channel;
    private final Runnable onDeath;
    private @Nullable ScheduledFuture<?> timer;

    DeathWatch(Channel channel, Runnable onDeath) {
        this.channel = channel;
        this.onDeath = onDeath;
    }

    void start() {
        if (timer == null) {
            timer =
                    channel.eventLoop()
                            .scheduleWithFixedDelay(
                                    this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void look() {
        if (!channel.isOpen()) {
            stop();
        } else if (Sockets.dead(channel)) {
            stop();
            onDeath.run();
        }
    }
}
