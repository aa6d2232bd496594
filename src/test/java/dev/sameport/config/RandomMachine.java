package dev.sameport.config;

import dev.sameport.model.Claimable;
import dev.sameport.model.Declaration;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ServiceName;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Machines with few different words, so that everything collides with everything.
final class RandomMachine {
    private static final List<String> PUBLISH =
            List.of(
                    "80",
                    "80:8080",
                    "80:8080,81:8081",
                    "81",
                    "127.0.0.1:80:80",
                    "0.0.0.0:80:80",
                    "[::]:80:80",
                    "[::1]:81:81",
                    "80:",
                    "80-82",
                    "80:80/udp",
                    "82:9,83:9",
                    " 80 ");
    private static final List<String> NAMES = List.of("web", "api", "a_b_c", "bad name");
    private static final List<String> SERVER_NAMES =
            List.of("a.example", "b.example", "A.example, *.example", "b.example,c.example", "-");
    private static final List<String> PROJECTS = List.of("a", "a_b", "shop", "..");
    private static final List<String> SERVICES = List.of("b_c", "c", "web");
    private static final List<String> IMAGES = List.of("x/app:1", "y/app:1", "sha256:00", "");
    private static final List<Replica.State> STATES = List.of(Replica.State.values());

    private final SplittableRandom random;
    private final Machine machine = new Machine();

    private RandomMachine(SplittableRandom random) {
        this.random = random;
    }

    static Machine of(SplittableRandom random, boolean withDeclarations) {
        RandomMachine maker = new RandomMachine(random);
        int containers = random.nextInt(11);
        for (int i = 0; i < containers; i++) {
            maker.container(i);
        }
        for (int i = 0; withDeclarations && i < random.nextInt(3); i++) {
            maker.declaration();
        }
        for (int i = 0; i < random.nextInt(4); i++) {
            maker.claim();
        }
        maker.machine.trustImageLabels = maker.chance(5);
        return maker.machine;
    }

    private void container(int number) {
        Machine.Container container =
                machine.bare(chance(4) ? "podman" : "docker", "c" + (number % 7));
        container.id = "id" + number;
        container.image(any(IMAGES)).started(random.nextInt(3));
        container.state(chance(3) ? any(STATES) : Replica.State.RUNNING);
        Map<String, String> labels = chance(8) ? container.fromImage : container.own;
        if (!chance(4)) {
            labels.put("sameport.publish", any(PUBLISH));
        }
        if (chance(3)) {
            labels.put("sameport.service", any(NAMES));
        }
        if (chance(2)) {
            container.compose(any(PROJECTS), any(SERVICES));
            if (chance(5)) {
                container.label("com.docker.compose.oneoff", "True");
            }
        }
        if (chance(3)) {
            container.label("sameport.tls.passthrough", chance(5) ? "perhaps" : "true");
            container.label("sameport.tls.sni", any(SERVER_NAMES));
        }
        if (chance(3)) {
            container.label("sameport.hold", any(List.of("1s", "1", "2s", "banana")));
        }
        networks(container, number);
        sharing(container, number);
    }

    /// Sandboxes, who joins them or what is no more, and replicas that share the host's port.
    private void sharing(Machine.Container container, int number) {
        container.namespace = chance(3) ? random.nextInt(3) : 0;
        if (chance(5)) {
            container.label("sameport.mode", "reuseport");
        }
        if (chance(8)) {
            container.image("docker.io/sameport/pause:1");
        }
        if (chance(8)) {
            container.label("sameport.restart", "false");
        }
        if (!container.onHost && chance(6)) {
            container.joined = "id" + random.nextInt(9);
            container.attachments.clear();
            if (container.joined.equals("id" + number)) {
                container.joined = "ghost";
            }
        }
    }

    private void networks(Machine.Container container, int number) {
        container.onHost = chance(8);
        for (String network : List.of("front", "back", "inner")) {
            if (!container.onHost && chance(2)) {
                Reach reach =
                        chance(3)
                                ? new Reach.Unreachable("rootless")
                                : new Reach.OnBridge("br-" + network);
                container.network(
                        Machine.attachment(
                                network,
                                chance(6) ? "" : "198.18.1." + (number + 1),
                                chance(2) ? "" : "fd00::" + (number + 1),
                                chance(2),
                                network.equals("inner"),
                                reach));
            }
        }
        if (chance(4)) {
            container.label("sameport.network", any(List.of("front", "inner", "none")));
        }
        if (chance(4)) {
            container.port(any(List.of("0.0.0.0", "127.0.0.1", "::")), any(List.of(80, 9000)), 80);
        }
    }

    private void declaration() {
        Map<String, String> settings =
                chance(4) ? Map.of() : Map.of("sameport.publish", any(PUBLISH));
        machine.declare(
                any(List.of("web", "other", "a_b_c")),
                settings,
                new Declaration.Member.Named(any(List.of("c0", "c1", "id", "id2", "ghost"))),
                new Declaration.Member.At(
                        new InetSocketAddress(
                                InetAddress.ofLiteral(any(List.of("127.0.0.1", "198.18.7.7"))),
                                any(List.of(80, 9000)))));
    }

    private void claim() {
        String port = any(List.of("80/tcp", "127.0.0.1:80/tcp", "0.0.0.0:80/tcp", "81/tcp"));
        machine.claims.put(
                new Claimable(
                        PublishGrammar.published(port),
                        chance(3) ? any(List.of("a.example", "*", "*.example")) : null),
                new ServiceName(any(List.of("web", "api", "a_b_c", "shop_web"))));
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
