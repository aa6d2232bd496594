package dev.sameport.plane.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sameport.config.Interpretation;
import dev.sameport.config.Interpreter;
import dev.sameport.config.InterpreterOptions;
import dev.sameport.model.Claims;
import dev.sameport.model.Declaration;
import dev.sameport.model.Declaration.Member;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Labels;
import dev.sameport.model.Phase;
import dev.sameport.model.PortSpec;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.ServicePort.Intake;
import dev.sameport.model.ServiceSpec;
import dev.sameport.plane.proxy.Transport;
import dev.sameport.plane.proxy.http.TestHttp.Client;
import dev.sameport.plane.proxy.l4.Wanted;
import dev.sameport.provider.Observation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/// From labels to bytes: a port that services share by server name, in front of a port of another
/// daemon where the TLS ends and whose clients are told by the PROXY protocol.
class PassthroughTest {
    private final PublishedPort shared = PublishedPort.tcp(Wanted.freePort());

    private static Declaration declaration(
            String name, PublishedPort published, int port, Map<String, String> labels) {
        Map<String, String> settings = new TreeMap<>(labels);
        settings.put("sameport.publish", Integer.toString(published.port()));
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        return new Declaration(
                "the test",
                new ServiceName(name),
                Labels.of(settings),
                List.of(new Member.At(address)));
    }

    private Declaration passing(String name, TestHttp http, String serverNames) {
        return declaration(
                name,
                shared,
                http.published.port(),
                Map.of(
                        "sameport.tls.passthrough", "true",
                        "sameport.tls.sni", serverNames,
                        "sameport.proxy-protocol", "v2"));
    }

    private static Declaration ending(TestHttp http, Origins origin) {
        return declaration(
                "web",
                http.published,
                origin.server.address().getPort(),
                Map.of(
                        "sameport.tls.self-signed", "true",
                        "sameport.proxy-protocol.trusted", "127.0.0.0/8"));
    }

    /// What the labels ask for, with every endpoint ready.
    private static Desired desired(Declaration... declarations) {
        Interpretation read =
                Interpreter.interpret(
                        List.of(
                                new Observation.Complete(
                                        "declared", List.of(), List.of(declarations))),
                        Claims.NONE,
                        new InterpreterOptions(false));
        assertEquals(List.of(), read.problems());
        return new Desired(1, read.services().stream().map(PassthroughTest::service).toList());
    }

    private static Service service(ServiceSpec spec) {
        List<ServicePort> ports = new ArrayList<>();
        for (PortSpec port : spec.ports()) {
            List<Endpoint> endpoints =
                    port.endpoints().stream()
                            .map(each -> new Endpoint(each, Phase.READY, true, true, false))
                            .toList();
            ports.add(
                    new ServicePort(
                            port.published(), endpoints, Intake.SERVE, false, port.serverNames()));
        }
        return new Service(spec.name(), ports, spec.policies());
    }

    private static TestHttp http() {
        return new TestHttp(Transport.forRelay(), HttpOptions.DEFAULT);
    }

    private String told(String serverName, Origins origin) throws Exception {
        try (Socket plain =
                        new Socket(
                                "127.0.0.2", shared.port(), InetAddress.ofLiteral("127.0.0.5"), 0);
                SSLSocket secure =
                        (SSLSocket)
                                HttpsTest.trusting()
                                        .createSocket(plain, serverName, shared.port(), false)) {
            plain.setSoTimeout(20_000);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
            secure.setSSLParameters(parameters);
            secure.getOutputStream().write(TestBytes.of("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
            String answer = new Client(secure).answer().body();
            String head = origin.heads.remove();
            return answer
                    + " for "
                    + Origins.field(head, "X-Forwarded-For")
                    + " by "
                    + Origins.field(head, "X-Forwarded-Proto");
        }
    }

    @Test
    void clients_reach_the_service_that_they_name_and_it_is_told_who_they_are() throws Exception {
        try (Origins one = Origins.saying("one");
                Origins two = Origins.saying("two");
                TestHttp first = http();
                TestHttp second = http();
                TestRelay front = new TestRelay(Transport.forRelay())) {
            first.apply(desired(ending(first, one)));
            second.apply(desired(ending(second, two)));
            front.apply(
                    desired(
                            passing("first", first, "one.example"),
                            passing("second", second, "*.two.example, two.example")));
            assertEquals("one for 127.0.0.5 by https", told("one.example", one));
            assertEquals("two for 127.0.0.5 by https", told("two.example", two));
            assertEquals("two for 127.0.0.5 by https", told("WWW.two.example", two));
            SSLException refused =
                    assertThrows(SSLException.class, () -> told("three.example", one));
            assertEquals(
                    "(unrecognized_name) Received fatal alert: unrecognized_name",
                    refused.getMessage());
        }
    }
}
