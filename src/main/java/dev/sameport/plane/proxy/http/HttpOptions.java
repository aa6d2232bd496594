package dev.sameport.plane.proxy.http;

import dev.sameport.model.AddressRange;
import dev.sameport.model.HttpPolicy;
import dev.sameport.model.Policies;
import dev.sameport.plane.proxy.http.message.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// How HTTP is served on one published port.
///
/// @param hold how long a request waits where no endpoint is
/// @param head how long a request's head may take from its first byte
/// @param body how long a request's body may pause
/// @param answer how long the head of the answer may take once the request is complete
/// @param clientIdle how long a client's connection may be idle
/// @param upstreamIdle how long a connection to an endpoint may be idle: shorter than what servers
///   grant (Node closes after 5 s), or requests meet connections that just close
/// @param connect how long one connect to an endpoint may take
/// @param requests bounds of a request's head
/// @param answers bounds of an answer's head
/// @param connections most connections to one endpoint
/// @param queue most requests that wait for a connection to one endpoint
/// @param held most requests that wait where no endpoint is
/// @param streams most streams of one HTTP/2 connection at a time
/// @param retryPercent retries to another endpoint that the budget grants for each 100 requests
/// @param multiplexed whether endpoints are spoken to in HTTP/2, one connection for many requests
/// @param trusted whose `X-Forwarded-…`, `Forwarded` and `X-Request-Id` count
record HttpOptions(
        Duration hold,
        Duration head,
        Duration body,
        Duration answer,
        Duration clientIdle,
        Duration upstreamIdle,
        Duration connect,
        Limits requests,
        Limits answers,
        int connections,
        int queue,
        int held,
        int streams,
        int retryPercent,
        boolean multiplexed,
        List<AddressRange> trusted) {
    /// What the policies of a service ask for.
    static HttpOptions of(Policies policies) {
        HttpPolicy http = Objects.requireNonNullElse(policies.http(), HttpPolicy.DEFAULT);
        HttpPolicy.Limits limits = http.limits();
        return new HttpOptions(
                policies.hold(),
                http.timeouts().head(),
                http.timeouts().body(),
                http.timeouts().answer(),
                http.timeouts().clientIdle(),
                http.timeouts().upstreamIdle(),
                DEFAULT.connect(),
                new Limits(limits.headBytes(), limits.fields(), limits.lineBytes()),
                new Limits(limits.answerHeadBytes(), limits.fields() * 2, limits.lineBytes()),
                http.connections(),
                http.queue(),
                http.held(),
                DEFAULT.streams(),
                http.retryPercent(),
                false,
                http.trusted());
    }

    static final HttpOptions DEFAULT =
            new HttpOptions(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(1),
                    Limits.REQUEST,
                    Limits.ANSWER,
                    1024,
                    1000,
                    1000,
                    128,
                    20,
                    false,
                    List.of());
}
