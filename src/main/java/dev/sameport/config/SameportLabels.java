package dev.sameport.config;

import dev.sameport.model.Affinity;
import dev.sameport.model.Balance;
import dev.sameport.model.Labels;
import dev.sameport.model.Mode;
import dev.sameport.model.Ports;
import dev.sameport.model.ProxyVersion;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The own dialect: every `sameport.*` label in one table.
public final class SameportLabels {
    static final String HTTP = "sameport.http.";
    static final String TLS = "sameport.tls.";
    static final String TLS_CERTIFICATE = "sameport.tls.cert";
    static final String TLS_PASSTHROUGH = "sameport.tls.passthrough";
    static final String TCP = "sameport.tcp.";
    static final String PROXY_PROTOCOL = "sameport.proxy-protocol";
    public static final String PUBLISH = "sameport.publish";
    public static final String SERVICE = "sameport.service";
    public static final String NETWORK = "sameport.network";
    public static final String WEIGHT = "sameport.weight";
    public static final String MODE = "sameport.mode";
    public static final String RESTART = "sameport.restart";
    public static final String SANDBOX = "sameport.sandbox";

    private static final Duration NONE = Duration.ZERO;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String REQUEST_TIME = "duration, 100ms–1h";
    private static final String DURATION = "duration: 500ms, 5s, 2m, 1h, a number is seconds";

    /// A key, how its value is read, and where the value goes.
    record Row<T>(LabelKey key, Function<String, T> grammar, BiConsumer<SettingsDraft, T> place) {
        /// Reads `text` into `draft`; returns the value's meaning as text.
        String read(String text, SettingsDraft draft) {
            T value = grammar.apply(text);
            place.accept(draft, value);
            draft.httpImplied |= key.name().startsWith(HTTP);
            draft.relayAsked |= key.name().startsWith(TCP) || key.name().equals(PROXY_PROTOCOL);
            draft.proxyAsked |= key.name().startsWith(PROXY_PROTOCOL);
            return String.valueOf(value);
        }
    }

    private static final List<Row<?>> ROWS =
            List.of(
                    row(
                            PUBLISH,
                            "[addr:]host:container[/tcp|udp], comma list, ranges",
                            "not published",
                            "The host ports to share and the container ports that they lead to.",
                            PublishGrammar::parse,
                            (draft, value) -> draft.publish = value),
                    row(
                            SERVICE,
                            "name",
                            "compose project_service, else image and publish",
                            "The service's name: containers with equal names share.",
                            Values::service,
                            (draft, value) -> draft.service = value),
                    row(
                            NETWORK,
                            "network",
                            "that of the default route",
                            "The container's network to reach it by.",
                            Values::network,
                            (draft, value) -> draft.network = value),
                    row(
                            "sameport.hold",
                            DURATION,
                            "5s, HTTP 10s",
                            "How long new connections wait when no endpoint is left.",
                            text -> Values.duration(text, NONE, HOUR),
                            (draft, value) -> draft.hold = value),
                    row(
                            MODE,
                            "auto, nat, reuseport, proxy",
                            "auto",
                            "Which plane carries the traffic.",
                            text -> Values.choice(Mode.class, text),
                            (draft, value) -> draft.mode = value),
                    row(
                            "sameport.protocol",
                            "tcp, http",
                            "tcp",
                            "What is spoken on the port; UDP is said in publish.",
                            text -> Values.choice(Settings.Application.class, text),
                            (draft, value) -> draft.application = value),
                    row(
                            WEIGHT,
                            "0–1000",
                            "1",
                            "The container's share of new connections; 0 takes none.",
                            Values::weight,
                            (draft, value) -> draft.weight = value),
                    row(
                            "sameport.balance",
                            "random, roundrobin, leastconn, hash",
                            "random",
                            "How an endpoint is chosen for a new connection.",
                            text -> Values.choice(Balance.class, text),
                            (draft, value) -> draft.balance = value),
                    row(
                            "sameport.affinity",
                            "none, client-ip[=duration], cookie[=name]",
                            "none",
                            "Whether one client keeps its endpoint.",
                            Values::affinity,
                            (draft, value) -> {
                                draft.affinity = value;
                                // There are no cookies but in HTTP.
                                draft.httpImplied |= value instanceof Affinity.Cookie;
                            }),
                    row(
                            "sameport.health",
                            "strict, lenient",
                            "lenient",
                            "Strict: unhealthy endpoints never serve, not even when none is healthy.",
                            Values::strict,
                            (draft, value) -> draft.strict = value),
                    row(
                            "sameport.health.port",
                            "1–65535",
                            "the endpoint's own",
                            "The container port to probe.",
                            text -> Values.whole(text, Ports.MIN, Ports.MAX),
                            (draft, value) -> draft.healthPort = value),
                    row(
                            "sameport.health.interval",
                            "duration, 100ms–1h",
                            "5s",
                            "The time between probes of a ready endpoint.",
                            text -> Values.duration(text, Duration.ofMillis(100), HOUR),
                            (draft, value) -> draft.interval = value),
                    row(
                            "sameport.health.timeout",
                            "duration, 10ms–1m",
                            "2s",
                            "How long one probe may take.",
                            text ->
                                    Values.duration(
                                            text, Duration.ofMillis(10), Duration.ofMinutes(1)),
                            (draft, value) -> draft.timeout = value),
                    row(
                            "sameport.health.rise",
                            "1–100",
                            "1",
                            "Successes in a row that bring an endpoint back.",
                            text -> Values.whole(text, 1, 100),
                            (draft, value) -> draft.rise = value),
                    row(
                            "sameport.health.fall",
                            "1–100",
                            "2",
                            "Failures in a row that take an endpoint out.",
                            text -> Values.whole(text, 1, 100),
                            (draft, value) -> draft.fall = value),
                    row(
                            "sameport.health.path",
                            "path",
                            "a TCP connect",
                            "What an HTTP probe asks for.",
                            Values::path,
                            (draft, value) -> draft.healthPath = value),
                    row(
                            "sameport.health.status",
                            "200, 200-399, comma list",
                            "200-399",
                            "Which answers of an HTTP probe are healthy.",
                            Values::status,
                            (draft, value) -> draft.healthStatus = value),
                    row(
                            "sameport.drain",
                            DURATION,
                            "30s",
                            "The longest drain.",
                            text -> Values.duration(text, NONE, HOUR),
                            (draft, value) -> draft.drain = value),
                    row(
                            "sameport.tcp.connect-timeout",
                            "duration, 10ms–1m",
                            "1s",
                            "How long one connect to an endpoint may take before the next is asked.",
                            text ->
                                    Values.duration(
                                            text, Duration.ofMillis(10), Duration.ofMinutes(1)),
                            (draft, value) -> draft.connectTimeout = value),
                    row(
                            "sameport.tcp.idle-timeout",
                            "duration, 1s–24h, or 0 for never",
                            "0",
                            "After how long a silence in both directions a connection ends.",
                            Values::idleTimeout,
                            (draft, value) -> draft.idleTimeout = value),
                    row(
                            "sameport.tcp.connections",
                            "0–1000000",
                            "0, any number",
                            "The most connections at a time; one more waits as long as the hold.",
                            text -> Values.whole(text, 0, 1_000_000),
                            (draft, value) -> draft.tcpConnections = value),
                    row(
                            PROXY_PROTOCOL,
                            "v1, v2",
                            "none is sent",
                            "The PROXY header by which endpoints are told the client's address.",
                            text -> Values.choice(ProxyVersion.class, text),
                            (draft, value) -> draft.sends = value),
                    row(
                            PROXY_PROTOCOL + ".trusted",
                            "addresses and CIDR ranges, comma list",
                            "nobody",
                            "Whose connections must begin with a PROXY header that names the client.",
                            Values::ranges,
                            (draft, value) -> draft.proxies = value),
                    row(
                            "sameport.http.timeout.head",
                            REQUEST_TIME,
                            "10s",
                            "How long a request's head may take from its first byte.",
                            SameportLabels::requestTime,
                            (draft, value) -> draft.requestHead = value),
                    row(
                            "sameport.http.timeout.body",
                            REQUEST_TIME,
                            "30s",
                            "How long a request's body may pause.",
                            SameportLabels::requestTime,
                            (draft, value) -> draft.requestBody = value),
                    row(
                            "sameport.http.timeout.answer",
                            REQUEST_TIME,
                            "60s",
                            "How long the head of the answer may take; streams have no limit.",
                            SameportLabels::requestTime,
                            (draft, value) -> draft.answer = value),
                    row(
                            "sameport.http.timeout.client-idle",
                            REQUEST_TIME,
                            "75s",
                            "How long a client's connection may be idle between requests.",
                            SameportLabels::requestTime,
                            (draft, value) -> draft.clientIdle = value),
                    row(
                            "sameport.http.timeout.upstream-idle",
                            REQUEST_TIME,
                            "4s",
                            "How long a connection to an endpoint may be idle between requests.",
                            SameportLabels::requestTime,
                            (draft, value) -> draft.upstreamIdle = value),
                    row(
                            "sameport.http.limit.head",
                            "1k–1m",
                            "32k",
                            "The most bytes of a request's head.",
                            text -> Values.size(text, 1 << 10, 1 << 20),
                            (draft, value) -> draft.headBytes = value),
                    row(
                            "sameport.http.limit.fields",
                            "10–1000",
                            "100",
                            "The most fields of a request's head.",
                            text -> Values.whole(text, 10, 1000),
                            (draft, value) -> draft.fields = value),
                    row(
                            "sameport.http.limit.line",
                            "256–256k",
                            "16k",
                            "The most bytes of a request line.",
                            text -> Values.size(text, 256, 256 << 10),
                            (draft, value) -> draft.lineBytes = value),
                    row(
                            "sameport.http.limit.answer-head",
                            "1k–1m",
                            "64k",
                            "The most bytes of an answer's head.",
                            text -> Values.size(text, 1 << 10, 1 << 20),
                            (draft, value) -> draft.answerHeadBytes = value),
                    row(
                            "sameport.http.connections",
                            "1–100000",
                            "1024",
                            "The most connections to one endpoint.",
                            text -> Values.whole(text, 1, 100_000),
                            (draft, value) -> draft.connections = value),
                    row(
                            "sameport.http.queue",
                            "0–100000",
                            "1000",
                            "The most requests that wait for a connection to one endpoint.",
                            text -> Values.whole(text, 0, 100_000),
                            (draft, value) -> draft.queue = value),
                    row(
                            "sameport.http.held",
                            "0–100000",
                            "1000",
                            "The most requests that wait while no endpoint is there.",
                            text -> Values.whole(text, 0, 100_000),
                            (draft, value) -> draft.held = value),
                    row(
                            "sameport.http.retry",
                            "0–100",
                            "20",
                            "Requests in 100 that may be taken from an endpoint that fails to another.",
                            text -> Values.whole(text, 0, 100),
                            (draft, value) -> draft.retryPercent = value),
                    row(
                            "sameport.http.trusted",
                            "addresses and CIDR ranges, comma list",
                            "nobody",
                            "Whose X-Forwarded-…, Forwarded and X-Request-Id fields count.",
                            Values::ranges,
                            (draft, value) -> draft.trusted = value),
                    row(
                            TLS_CERTIFICATE,
                            "file names, comma list",
                            "no TLS",
                            "Certificates (PEM, with their chains) below the daemon's --certs.",
                            Values::files,
                            (draft, value) -> draft.certificates = value),
                    row(
                            "sameport.tls.key",
                            "file names, comma list",
                            "none",
                            "The private keys of those certificates, in the same order.",
                            Values::files,
                            (draft, value) -> draft.keys = value),
                    row(
                            "sameport.tls.self-signed",
                            "true, false",
                            "false",
                            "Make a certificate, for development.",
                            Values::truth,
                            (draft, value) -> draft.selfSigned = value),
                    row(
                            "sameport.tls.sni",
                            "host names, comma list",
                            "localhost, with passthrough every other name",
                            "The names of the self-signed certificate; with passthrough, the service's.",
                            Values::hosts,
                            (draft, value) -> draft.serverNames = value),
                    row(
                            TLS_PASSTHROUGH,
                            "true, false",
                            "false",
                            "Leave TLS to the endpoints; services share the port, told apart by sni.",
                            Values::truth,
                            (draft, value) -> draft.passthrough = value),
                    row(
                            RESTART,
                            "true, false",
                            "true",
                            "Whether replicas left behind by their sandbox's restart are restarted.",
                            Values::truth,
                            (draft, value) -> draft.restart = value),
                    row(
                            SANDBOX,
                            "name",
                            "not a sandbox",
                            "Set by `sandbox create` on the container that it makes.",
                            Values::sandbox,
                            (draft, value) -> draft.sandbox = value));

    private static final Map<String, Row<?>> BY_NAME = byName();

    /// Every label, in the order in which help and documents list them.
    public static final List<LabelKey> KEYS = ROWS.stream().<LabelKey>map(Row::key).toList();

    private SameportLabels() {}

    /// Whether a label, well or badly written, says that TLS ends here.
    static boolean asksForTls(String name) {
        return name.startsWith(TLS) && !name.equals(TLS_PASSTHROUGH);
    }

    private static Duration requestTime(String text) {
        return Values.duration(text, Duration.ofMillis(100), HOUR);
    }

    /// What `labels` say; `where` begins each problem, such as `container web-2`.
    public static Reading read(String where, Labels labels) {
        return new LabelReader(where).read(labels);
    }

    static @Nullable Row<?> row(String name) {
        return BY_NAME.get(name);
    }

    private static <T> Row<T> row(
            String name,
            String values,
            String fallback,
            String help,
            Function<String, T> grammar,
            BiConsumer<SettingsDraft, T> place) {
        return new Row<>(new LabelKey(name, values, fallback, help), grammar, place);
    }

    private static Map<String, Row<?>> byName() {
        Map<String, Row<?>> rows = new LinkedHashMap<>();
        for (Row<?> row : ROWS) {
            rows.put(row.key().name(), row);
        }
        return rows;
    }
}
