package dev.sameport.plane.proxy.http;

/// The upper bounds of the latency histogram: 1 ms to 60 s, and everything above.
public final class LatencyBuckets {
    private static final long[] BOUNDS_MICROS = {
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        60_000_000
    };

    static final int COUNT = BOUNDS_MICROS.length + 1;

    private LatencyBuckets() {}

    /// The bounds in seconds, without the last bucket, which has none.
    public static double[] seconds() {
        return java.util.Arrays.stream(BOUNDS_MICROS).mapToDouble(micros -> micros / 1e6).toArray();
    }

    static int of(long nanos) {
        long micros = nanos / 1000;
        int bucket = 0;
        while (bucket < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[bucket]) {
            bucket++;
        }
        return bucket;
    }
}
