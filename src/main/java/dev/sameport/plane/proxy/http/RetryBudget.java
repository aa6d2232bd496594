package dev.sameport.plane.proxy.http;

/// How many requests may be tried again at another endpoint: a share of the traffic, so that
/// retries can't multiply an outage. Confined to one event loop.
///
/// A bucket of tokens: each request adds `percent` hundredths, each retry takes one; it holds at
/// most 10, with which it begins, so that a quiet service may retry too.
final class RetryBudget {
    private static final int TOKEN = 100;
    private static final int MOST = 10 * TOKEN;

    private final int percent;
    private int hundredths = MOST;

    /// @param percent 0–100; 0 grants none
    RetryBudget(int percent) {
        this.percent = percent;
        if (percent == 0) {
            hundredths = 0;
        }
    }

    void request() {
        hundredths = Math.min(MOST, hundredths + percent);
    }

    boolean retry() {
        if (hundredths < TOKEN) {
            return false;
        }
        hundredths -= TOKEN;
        return true;
    }
}
