package dev.sameport.plane.proxy.http;

import java.util.function.IntSupplier;

/// How many requests may be tried again at another endpoint: a share of the traffic, so that
/// retries can't multiply an outage. Confined to one event loop.
///
/// A bucket of tokens: each request adds `percent` hundredths, each retry takes one; it holds at
/// most 10, with which it begins, so that a quiet service may retry too.
final class RetryBudget {
    private static final int TOKEN = 100;
    private static final int MOST = 10 * TOKEN;

    private final IntSupplier percent;
    private int hundredths = MOST;

    /// @param percent 0–100; 0 grants none
    RetryBudget(IntSupplier percent) {
        this.percent = percent;
    }

    void request() {
        hundredths = Math.min(MOST, hundredths + percent.getAsInt());
    }

    boolean retry() {
        if (hundredths < TOKEN || percent.getAsInt() == 0) {
            return false;
        }
        hundredths -= TOKEN;
        return true;
    }
}
