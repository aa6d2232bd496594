package dev.sameport.plane.proxy.http;

import java.util.Arrays;
import java.util.List;

/// What HTTP on one published port has done so far.
///
/// @param requests that were begun
/// @param statuses answers by class: index 1 for 1xx (101) to 5 for 5xx; index 0 where the client
///   left before there was one
/// @param retries requests that were sent again
/// @param nonsense answers of endpoints that are no HTTP
/// @param seconds answers by time until their end, see `LatencyBuckets`
/// @param nanos time of all answers together
/// @param clients connections of clients that are open now
/// @param held requests that wait for an endpoint now
public record HttpCounts(
        long requests,
        List<Long> statuses,
        long retries,
        long nonsense,
        List<Long> seconds,
        long nanos,
        int clients,
        int held) {

    private static List<Long> list(long[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /// Adds up what lanes have counted.
    static final class Sum {
        long requests;
        long retries;
        long nonsense;
        long nanos;
        final long[] statuses = new long[6];
        final long[] seconds = new long[LatencyBuckets.COUNT];

        HttpCounts of(int clients, int held) {
            return new HttpCounts(
                    requests,
                    list(statuses),
                    retries,
                    nonsense,
                    list(seconds),
                    nanos,
                    clients,
                    held);
        }
    }
}
