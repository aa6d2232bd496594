package dev.sameport.config;

import dev.sameport.model.AddressRange;
import dev.sameport.model.Affinity;
import dev.sameport.model.Balance;
import dev.sameport.model.HealthPolicy;
import dev.sameport.model.HttpPolicy;
import dev.sameport.model.HttpProbe;
import dev.sameport.model.HttpProbe.StatusRange;
import dev.sameport.model.Mapping;
import dev.sameport.model.Mode;
import dev.sameport.model.Policies;
import dev.sameport.model.Protocol;
import dev.sameport.model.ProxyVersion;
import dev.sameport.model.ServiceName;
import dev.sameport.model.TcpPolicy;
import dev.sameport.model.TlsPolicy;
import dev.sameport.model.Weight;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Settings while they are read, label by label; begins with the defaults. Confined to one reading.
final class SettingsDraft {
    private static final Duration HTTP_HOLD = Duration.ofSeconds(10);

    List<Mapping> publish = List.of();
    @Nullable ServiceName service;
    @Nullable String network;
    Settings.@Nullable Application application;
    Weight weight = Weight.ONE;
    Mode mode = Policies.DEFAULT.mode();
    Balance balance = Policies.DEFAULT.balance();
    Affinity affinity = Policies.DEFAULT.affinity();
    @Nullable Duration hold;

    /// Whether there is any label of TLS: then nothing is served without it, not even where what it
    /// says is a mistake.
    boolean tlsAsked;

    /// Whether a label of HTTP was read.
    boolean httpImplied;

    /// Whether a label was read that means something only where bytes are relayed.
    boolean relayAsked;

    /// Whether a label of the PROXY protocol was read.
    boolean proxyAsked;

    Duration connectTimeout = TcpPolicy.DEFAULT.connectTimeout();
    Duration idleTimeout = TcpPolicy.DEFAULT.idleTimeout();
    int tcpConnections = TcpPolicy.DEFAULT.connections();
    @Nullable ProxyVersion sends = TcpPolicy.DEFAULT.sends();

    /// Whose connections begin with a PROXY header.
    List<AddressRange> proxies = TcpPolicy.DEFAULT.trusted();

    boolean passthrough;

    Duration drain = Policies.DEFAULT.drain();
    boolean strict = HealthPolicy.DEFAULT.strict();
    int healthPort = HealthPolicy.DEFAULT.port();
    Duration interval = HealthPolicy.DEFAULT.interval();
    Duration timeout = HealthPolicy.DEFAULT.timeout();
    int rise = HealthPolicy.DEFAULT.rise();
    int fall = HealthPolicy.DEFAULT.fall();
    @Nullable String healthPath;
    List<StatusRange> healthStatus = HttpProbe.HEALTHY;
    Duration requestHead = HttpPolicy.Timeouts.DEFAULT.head();
    Duration requestBody = HttpPolicy.Timeouts.DEFAULT.body();
    Duration answer = HttpPolicy.Timeouts.DEFAULT.answer();
    Duration clientIdle = HttpPolicy.Timeouts.DEFAULT.clientIdle();
    Duration upstreamIdle = HttpPolicy.Timeouts.DEFAULT.upstreamIdle();
    int headBytes = HttpPolicy.Limits.DEFAULT.headBytes();
    int fields = HttpPolicy.Limits.DEFAULT.fields();
    int lineBytes = HttpPolicy.Limits.DEFAULT.lineBytes();
    int answerHeadBytes = HttpPolicy.Limits.DEFAULT.answerHeadBytes();
    int connections = HttpPolicy.DEFAULT.connections();
    int queue = HttpPolicy.DEFAULT.queue();
    int held = HttpPolicy.DEFAULT.held();
    int retryPercent = HttpPolicy.DEFAULT.retryPercent();
    List<AddressRange> trusted = HttpPolicy.DEFAULT.trusted();
    List<String> certificates = List.of();
    List<String> keys = List.of();
    boolean selfSigned;
    List<String> serverNames = List.of();
    boolean restart = true;
    @Nullable String sandbox;

    /// The settings that this build can serve: what it can't is left out or set back.
    Settings settings() {
        HttpProbe http = healthPath == null ? null : new HttpProbe(healthPath, healthStatus);
        HealthPolicy health =
                new HealthPolicy(strict, healthPort, interval, timeout, rise, fall, http);
        return new Settings(
                publish.stream()
                        .filter(mapping -> mapping.published().protocol() == Protocol.TCP)
                        .toList(),
                service,
                network,
                isHttp() ? Settings.Application.HTTP : Settings.Application.TCP,
                weight,
                policies(health),
                passthroughNames(),
                restart,
                sandbox);
    }

    /// Whether HTTP is spoken: it is said, or anything about it is.
    boolean isHttp() {
        return !passthrough
                && (application == Settings.Application.HTTP
                        || (application == null && (httpImplied || tlsAsked)));
    }

    /// Whether there is anything that only the proxy does.
    boolean needsProxy() {
        return isHttp() || passthrough || relayAsked || proxyAsked;
    }

    /// Whether no kernel plane can carry it.
    boolean byProxy() {
        return mode == Mode.PROXY || (mode == Mode.AUTO && needsProxy());
    }

    private List<String> passthroughNames() {
        if (!passthrough) {
            return List.of();
        }
        return serverNames.isEmpty() ? List.of(Settings.EVERY_OTHER_NAME) : serverNames;
    }

    private TcpPolicy tcp() {
        return new TcpPolicy(connectTimeout, idleTimeout, tcpConnections, sends, proxies);
    }

    private Policies policies(HealthPolicy health) {
        Duration waits = hold;
        if (waits == null) {
            waits = isHttp() ? HTTP_HOLD : Policies.DEFAULT.hold();
        }
        return new Policies(
                byProxy() ? Mode.PROXY : mode,
                balance,
                affinity,
                waits,
                drain,
                health,
                isHttp() ? http() : null,
                tls(),
                tcp());
    }

    private @Nullable TlsPolicy tls() {
        if (!isHttp() || !tlsAsked) {
            return null;
        }
        boolean pairs = certificates.size() == keys.size();
        return new TlsPolicy(
                pairs ? certificates : List.of(),
                pairs ? keys : List.of(),
                selfSigned,
                serverNames);
    }

    private HttpPolicy http() {
        return new HttpPolicy(
                new HttpPolicy.Timeouts(requestHead, requestBody, answer, clientIdle, upstreamIdle),
                new HttpPolicy.Limits(headBytes, fields, lineBytes, answerHeadBytes),
                connections,
                queue,
                held,
                retryPercent,
                trusted);
    }
}
