package dev.sameport.plane.proxy.http;

import java.util.concurrent.TimeUnit;

/// How long a connection that ends lets its client go on sending (RFC 9112 9.6).
final class Lingering {
    static final long NANOS = TimeUnit.SECONDS.toNanos(2);

    private Lingering() {}
}
