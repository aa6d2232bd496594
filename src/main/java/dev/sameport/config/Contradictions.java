package dev.sameport.config;

import dev.sameport.model.Affinity;
import dev.sameport.model.Balance;
import dev.sameport.model.Mode;
import dev.sameport.model.TcpPolicy;
import java.util.Locale;

/// What labels ask for that doesn't go together: told, and set back in the draft, so that what is
/// left can be served. Confined to one reading.
final class Contradictions {
    /// Takes a problem with one label.
    @FunctionalInterface
    interface Sink {
        void problem(String label, String what, String fix);
    }

    private static final String PROTOCOL = "sameport.protocol";

    private final SettingsDraft draft;
    private final Sink sink;

    Contradictions(SettingsDraft draft, Sink sink) {
        this.draft = draft;
        this.sink = sink;
    }

    void settle() {
        boolean saidTcp = draft.application == Settings.Application.TCP;
        if (draft.mode == Mode.NAT || draft.mode == Mode.REUSEPORT) {
            carriedByTheKernel();
        }
        if (saidTcp && (draft.httpImplied || (draft.tlsAsked && !draft.passthrough))) {
            sink.problem(
                    PROTOCOL,
                    "the labels sameport.http.* and sameport.tls.* mean nothing for tcp",
                    "write http, or remove them");
        }
        if (draft.passthrough) {
            passedThrough();
        } else {
            tlsIsWhole();
        }
        if (draft.isHttp() && draft.relayAsked) {
            sink.problem(
                    PROTOCOL,
                    "the labels sameport.tcp.* and sameport.proxy-protocol say how bytes are"
                            + " relayed, and mean nothing for HTTP",
                    "remove them; endpoints learn of the client by X-Forwarded-For");
            relayAsUsual();
        }
        balance();
    }

    private void carriedByTheKernel() {
        String mode = draft.mode.name().toLowerCase(Locale.ROOT);
        if (draft.isHttp()) {
            sink.problem(
                    SameportLabels.MODE,
                    mode + " carries connections and can't speak HTTP: the port is served as TCP",
                    "write auto or proxy, or take the labels of HTTP away");
            draft.application = Settings.Application.TCP;
        }
        if (draft.passthrough || draft.relayAsked || draft.proxyAsked) {
            sink.problem(
                    SameportLabels.MODE,
                    mode
                            + " carries connections as they are: sameport.tcp.*,"
                            + " sameport.proxy-protocol and sameport.tls.passthrough don't count",
                    "write auto or proxy, or take those labels away");
            draft.application = Settings.Application.TCP;
            draft.passthrough = false;
            draft.proxies = TcpPolicy.DEFAULT.trusted();
            relayAsUsual();
        }
    }

    private void relayAsUsual() {
        draft.connectTimeout = TcpPolicy.DEFAULT.connectTimeout();
        draft.idleTimeout = TcpPolicy.DEFAULT.idleTimeout();
        draft.tcpConnections = TcpPolicy.DEFAULT.connections();
        draft.sends = TcpPolicy.DEFAULT.sends();
    }

    private void passedThrough() {
        if (draft.application == Settings.Application.HTTP || draft.httpImplied) {
            sink.problem(
                    SameportLabels.TLS_PASSTHROUGH,
                    "HTTP can't be read inside TLS that is left to the endpoints: bytes are relayed",
                    "remove this label, or those of HTTP");
        }
        if (draft.selfSigned || !draft.certificates.isEmpty() || !draft.keys.isEmpty()) {
            sink.problem(
                    SameportLabels.TLS_PASSTHROUGH,
                    "TLS is left to the endpoints, so no certificate is used here",
                    "remove this label, or sameport.tls.cert, .key and .self-signed");
        }
    }

    private void tlsIsWhole() {
        if (!draft.tlsAsked || !draft.isHttp()) {
            return;
        }
        if (draft.certificates.size() != draft.keys.size()) {
            sink.problem(
                    SameportLabels.TLS_CERTIFICATE,
                    "there are %d certificates and %d keys, so none is used"
                            .formatted(draft.certificates.size(), draft.keys.size()),
                    "name as many files in sameport.tls.key, in the same order");
        } else if (draft.certificates.isEmpty() && !draft.selfSigned) {
            sink.problem(
                    SameportLabels.TLS_CERTIFICATE,
                    "TLS is asked for without a certificate, so nobody is served",
                    "name certificate and key, or write sameport.tls.self-signed=true");
        }
    }

    private void balance() {
        if (draft.balance != Balance.RANDOM && !draft.byProxy()) {
            sink.problem(
                    "sameport.balance",
                    draft.balance.name().toLowerCase(Locale.ROOT) + " is ignored by nat for now",
                    "write random, or sameport.mode=proxy");
        }
        switch (draft.affinity) {
            case Affinity.None _ -> {}
            case Affinity.ClientIp _ -> {
                if (!draft.byProxy()) {
                    sink.problem(
                            "sameport.affinity",
                            "client-ip is ignored by nat for now",
                            "write none, or sameport.mode=proxy");
                }
            }
            case Affinity.Cookie _ -> {
                if (!draft.isHttp()) {
                    sink.problem(
                            "sameport.affinity",
                            "there are no cookies where HTTP is not read: every connection is"
                                    + " chosen afresh",
                            "write client-ip, or serve the port as HTTP");
                    draft.affinity = new Affinity.None();
                }
            }
        }
    }
}
