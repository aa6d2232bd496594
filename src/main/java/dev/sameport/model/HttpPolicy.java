package dev.sameport.model;

import java.time.Duration;
import java.util.List;

/// `sameport.http.*`: how HTTP is served for a service.
///
/// @param timeouts what is too long
/// @param limits what is too much
/// @param connections most connections to one endpoint
/// @param queue most requests that wait for a connection to one endpoint
/// @param held most requests that wait where no endpoint is
/// @param retryPercent retries that the budget grants for each 100 requests, beside those that cost
///   the endpoints nothing
/// @param trusted whose `X-Forwarded-…`, `Forwarded` and `X-Request-Id` count
public record HttpPolicy(
        Timeouts timeouts,
        Limits limits,
        int connections,
        int queue,
        int held,
        int retryPercent,
        List<AddressRange> trusted) {

    /// @param head of a request, from its first byte
    /// @param body of a request, between two reads
    /// @param answer until the head of the answer, once the request is complete
    /// @param clientIdle of a client's connection between requests
    /// @param upstreamIdle of a connection to an endpoint between requests
    public record Timeouts(
            Duration head,
            Duration body,
            Duration answer,
            Duration clientIdle,
            Duration upstreamIdle) {
        public static final Timeouts DEFAULT =
                new Timeouts(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(75),
                        Duration.ofSeconds(4));
    }

    /// @param headBytes bytes of a request's head
    /// @param fields fields of a request's head
    /// @param lineBytes bytes of the request line
    /// @param answerHeadBytes bytes of an answer's head
    public record Limits(int headBytes, int fields, int lineBytes, int answerHeadBytes) {
        public static final Limits DEFAULT = new Limits(32 << 10, 100, 16 << 10, 64 << 10);
    }

    public static final HttpPolicy DEFAULT =
            new HttpPolicy(Timeouts.DEFAULT, Limits.DEFAULT, 1024, 1000, 1000, 20, List.of());

    public HttpPolicy {
        trusted = List.copyOf(trusted);
    }
}
