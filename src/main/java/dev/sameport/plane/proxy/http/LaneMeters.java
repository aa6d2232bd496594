package dev.sameport.plane.proxy.http;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLongArray;

/// What one lane counts: written by its event loop alone, read by any thread.
///
/// An atomic array with a single writer needs no atomic addition, only that others see the values
/// whole.
final class LaneMeters {
    private static final System.Logger LOG = System.getLogger(LaneMeters.class.getName());

    private static final int REQUESTS = 0;
    private static final int RETRIES = 1;
    private static final int NONSENSE = 2;
    private static final int NANOS = 3;
    private static final int STATUSES = 4;
    private static final int SECONDS = STATUSES + 6;

    private final HttpPort port;
    private final AtomicLongArray values = new AtomicLongArray(SECONDS + LatencyBuckets.COUNT);

    LaneMeters(HttpPort port) {
        this.port = port;
    }

    private void add(int index, long amount) {
        values.setOpaque(index, values.getPlain(index) + amount);
    }

    void began() {
        add(REQUESTS, 1);
    }

    void retried() {
        add(RETRIES, 1);
    }

    /// An endpoint's answer was no HTTP; said once in a while, for each can be many.
    void nonsense(String why) {
        add(NONSENSE, 1);
        long count = values.getPlain(NONSENSE);
        if ((count & (count - 1)) == 0) {
            LOG.log(
                    Level.WARNING,
                    "answer refused port={0} why=\"{1}\" count={2}",
                    port.door().published().text(),
                    why,
                    count);
        }
    }

    void ended(Exchange exchange) {
        long nanos = System.nanoTime() - exchange.began();
        int status = exchange.status() == 499 ? 0 : exchange.status() / 100;
        add(STATUSES + status, 1);
        add(SECONDS + LatencyBuckets.of(nanos), 1);
        add(NANOS, nanos);
    }

    void add(HttpCounts.Sum sum) {
        sum.requests += values.getOpaque(REQUESTS);
        sum.retries += values.getOpaque(RETRIES);
        sum.nonsense += values.getOpaque(NONSENSE);
        sum.nanos += values.getOpaque(NANOS);
        for (int i = 0; i < sum.statuses.length; i++) {
            sum.statuses[i] += values.getOpaque(STATUSES + i);
        }
        for (int i = 0; i < sum.seconds.length; i++) {
            sum.seconds[i] += values.getOpaque(SECONDS + i);
        }
    }
}
