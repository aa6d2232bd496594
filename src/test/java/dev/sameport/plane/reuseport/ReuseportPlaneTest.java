package dev.sameport.plane.reuseport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.BpfLink;
import dev.sameport.linux.BpfProgram.Kind;
import dev.sameport.linux.ControlGroups;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Sysctl;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Labels;
import dev.sameport.model.Phase;
import dev.sameport.model.Policies;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Sandbox;
import dev.sameport.model.SandboxPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.StopPolicy;
import dev.sameport.model.Weight;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With processes of unmodified servers in a network namespace of the test's own.
final class ReuseportPlaneTest {
    private static final int PORT = 8080;

    /// Answers each connection with its name; knows nothing of SO_REUSEPORT.
    private static final String SERVER =
            """
            import socket, sys
            server = socket.socket()
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(('0.0.0.0', int(sys.argv[2])))
            server.listen(128)
            while True:
                client, _ = server.accept()
                client.sendall(sys.argv[1].encode())
                client.close()
            """;

    private final NetworkNamespace namespace = NetworkNamespace.createAnonymous();
    private final Path cgroup = ControlGroups.root().orElseThrow();
    private final LinkedBlockingQueue<Sighting> sightings = new LinkedBlockingQueue<>();
    private final Map<String, Process> processes = new HashMap<>();
    private final List<EndpointSpec> members = new ArrayList<>();
    @TempDir Path run;
    private Sandbox sandbox;
    private ReuseportPlane plane;

    @BeforeEach
    void begin() throws Exception {
        Process owner = start("owner", "sleep", "60");
        namespace.call(() -> new ProcessBuilder("ip", "link", "set", "lo", "up").start().waitFor());
        sandbox = new Sandbox("web", replica("owner", owner), false);
        plane = open();
    }

    private ReuseportPlane open() {
        return new ReuseportPlane(run, sightings::add, () -> {});
    }

    @AfterEach
    void end() throws Exception {
        plane.close();
        Remains.remove(run);
        for (Process process : processes.values()) {
            process.destroyForcibly().waitFor();
        }
        namespace.close();
        assertFalse(Files.exists(run.resolve("bpf")));
    }

    private Process start(String name, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + namespace.path()));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words).start();
        processes.put(name, process);
        return process;
    }

    private static Replica replica(String name, Process process) {
        return new Replica(
                new ReplicaId("test", name),
                name,
                "test",
                Labels.NONE,
                Labels.NONE,
                Replica.State.RUNNING,
                Replica.Health.NONE,
                List.of(),
                false,
                List.of(),
                OptionalInt.of(Math.toIntExact(process.pid())),
                Instant.EPOCH,
                StopPolicy.DEFAULT);
    }

    /// Starts a server and lets the plane follow it.
    private EndpointSpec serve(String name) throws Exception {
        return serve(name, PORT);
    }

    private EndpointSpec serve(String name, int port) throws Exception {
        return serve(name, "python3", "-c", SERVER, name, Integer.toString(port));
    }

    private EndpointSpec serve(String name, String... command) throws Exception {
        follow();
        Process process = start(name, command);
        EndpointSpec spec =
                new EndpointSpec(
                        new EndpointId(new ReplicaId("test", name), PORT),
                        name,
                        EndpointAddresses.of(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT)),
                        new Reach.OnBridge("none"),
                        Weight.ONE,
                        replica(name, process),
                        sandbox);
        members.add(spec);
        follow();
        return spec;
    }

    private void follow() {
        plane.follow(Set.of(new SandboxPort(sandbox, PORT)), members);
    }

    private void awaitSighting(String name, boolean listens) throws Exception {
        Sighting sighting = sightings.poll(20, TimeUnit.SECONDS);
        assertTrue(sighting != null, () -> "no sighting of " + name + "; " + plane.problems());
        assertEquals(name + listens, sighting.member().name() + sighting.listens());
    }

    private void apply(Map<String, Integer> weights) {
        List<Endpoint> endpoints =
                members.stream()
                        .map(spec -> {
                            int weight = weights.getOrDefault(spec.name(), 0);
                            return new Endpoint(
                                    weighing(spec, weight), Phase.READY, true, weight > 0, true);
                        })
                        .toList();
        ServicePort port =
                new ServicePort(PublishedPort.tcp(80), endpoints, ServicePort.Intake.SERVE);
        plane.apply(
                new Desired(
                        1,
                        List.of(
                                new Service(
                                        new ServiceName("web"), List.of(port), Policies.DEFAULT))));
    }

    private static EndpointSpec weighing(EndpointSpec spec, int weight) {
        return new EndpointSpec(
                spec.id(),
                spec.name(),
                spec.addresses(),
                spec.reach(),
                new Weight(weight),
                spec.replica(),
                spec.sandbox());
    }

    private Map<String, Integer> answers(int count) throws Exception {
        return namespace.call(() -> {
            Map<String, Integer> answers = new HashMap<>();
            for (int i = 0; i < count; i++) {
                answers.merge(ask(), 1, Integer::sum);
            }
            return answers;
        });
    }

    private static String ask() throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), PORT)) {
            return new String(
                    socket.getInputStream().readAllBytes(),
                    java.nio.charset.StandardCharsets.US_ASCII);
        }
    }

    @Test
    void unmodified_servers_listen_on_one_port_and_share_by_weight_and_are_counted()
            throws Exception {
        EndpointSpec a = serve("a");
        awaitSighting("a", true);
        EndpointSpec b = serve("b");
        awaitSighting("b", true);
        apply(Map.of("a", 3, "b", 1));
        Map<String, Integer> answers = answers(1_000);
        assertEquals(750.0, answers.get("a"), 60.0);
        assertEquals(
                Map.of(a.id(), (long) answers.get("a"), b.id(), (long) answers.get("b")),
                plane.connections());
        assertEquals(List.of(), plane.problems());
        assertNull(plane.refusal());
    }

    @Test
    void one_that_drains_gets_nothing_new_while_it_still_listens() throws Exception {
        serve("a");
        awaitSighting("a", true);
        serve("b");
        awaitSighting("b", true);
        apply(Map.of("a", 1, "b", 0));
        assertEquals(Map.of("a", 200), answers(200));
    }

    @Test
    void one_that_was_there_before_is_made_to_share() throws Exception {
        Process early = start("early", "python3", "-c", SERVER, "early", "8080");
        // It listens before the plane knows of anything.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!listens()) {
            assertTrue(System.nanoTime() < end, "it never listened");
            Thread.onSpinWait();
        }
        members.add(
                new EndpointSpec(
                        new EndpointId(new ReplicaId("test", "early"), PORT),
                        "early",
                        EndpointAddresses.of(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT)),
                        new Reach.OnBridge("none"),
                        Weight.ONE,
                        replica("early", early),
                        sandbox));
        follow();
        awaitSighting("early", true);
        serve("late");
        awaitSighting("late", true);
        apply(Map.of("early", 1, "late", 1));
        assertEquals(Set.of("early", "late"), answers(200).keySet());
        assertEquals(200L, plane.connections().values().stream().mapToLong(n -> n).sum());
    }

    private boolean listens() throws Exception {
        return namespace.call(() -> {
            try {
                return ask().equals("early");
            } catch (IOException _) {
                return false;
            }
        });
    }

    @Test
    void one_that_ends_is_seen_to_and_the_others_go_on() throws Exception {
        serve("a");
        awaitSighting("a", true);
        serve("b");
        awaitSighting("b", true);
        apply(Map.of("a", 1, "b", 1));
        processes.get("b").destroyForcibly().waitFor();
        awaitSighting("b", false);
        assertEquals(Map.of("a", 100), answers(100));
    }

    @Test
    void the_next_plane_takes_over_what_the_last_one_left() throws Exception {
        serve("a");
        awaitSighting("a", true);
        serve("b");
        awaitSighting("b", true);
        apply(Map.of("a", 1, "b", 0));
        assertEquals(Map.of("a", 50), answers(50));
        plane.close();
        assertEquals(Map.of("a", 50), answers(50));

        plane = open();
        follow();
        Set<String> seen = new java.util.HashSet<>();
        for (int i = 0; i < 2; i++) {
            Sighting sighting = sightings.poll(20, TimeUnit.SECONDS);
            assertTrue(sighting != null && sighting.listens());
            seen.add(sighting.member().name());
        }
        assertEquals(Set.of("a", "b"), seen);
        assertEquals(Map.of("a", 50), answers(50), "nothing was applied yet");
        apply(Map.of("a", 0, "b", 1));
        assertEquals(Map.of("b", 50), answers(50));
    }

    /// As nginx does with one socket for each worker.
    private static final String MANY =
            """
            import selectors, socket, sys
            waiting = selectors.DefaultSelector()
            for _ in range(int(sys.argv[3])):
                server = socket.socket()
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                server.bind(('0.0.0.0', int(sys.argv[2])))
                server.listen(128)
                waiting.register(server, selectors.EVENT_READ)
            while True:
                for key, _ in waiting.select():
                    client, _ = key.fileobj.accept()
                    client.sendall(sys.argv[1].encode())
                    client.close()
            """;

    @Test
    void more_sockets_than_the_group_holds_make_it_grow_and_keep_shares_and_counts()
            throws Exception {
        EndpointSpec few = serve("few");
        awaitSighting("few", true);
        EndpointSpec many = serve("many", "python3", "-c", MANY, "many", "8080", "100");
        awaitSighting("many", true);
        apply(Map.of("few", 1, "many", 1));
        Path bpf = run.resolve("bpf");
        String grown = Long.toUnsignedString(namespace.cookie()) + "-8080-128";
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Group.isPinnedAt(bpf.resolve(grown)) || seated(bpf.resolve(grown)) < 101) {
            assertTrue(System.nanoTime() < end, "it did not grow");
            Thread.onSpinWait();
        }
        plane.connections(); // The look that seated the last has given it its share.
        Map<String, Integer> answers = answers(1_000);
        assertEquals(500.0, answers.get("few"), 70.0);
        assertEquals(
                Map.of(
                        few.id(), (long) answers.get("few"),
                        many.id(), (long) answers.get("many")),
                plane.connections());
    }

    private static int seated(Path group) {
        try (Group pinned = Group.pinnedAt(group, 128)) {
            return pinned.cookies().size();
        }
    }

    @Test
    void one_that_listens_elsewhere_is_named_with_its_port() throws Exception {
        serve("a");
        awaitSighting("a", true);
        serve("b", 9090);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (plane.problems().isEmpty()) {
            assertTrue(System.nanoTime() < end, "no problem was found");
            Thread.onSpinWait();
        }
        assertTrue(
                plane.problems().getFirst().what().contains("it listens on 9090 but not on 8080"),
                plane.problems().toString());
    }

    @Test
    void waiting_connections_move_to_another_as_long_as_something_is_shared() throws Exception {
        follow();
        assertEquals("1", migrates());
        int program;
        try (BpfLink link = BpfLink.pinnedAt(run.resolve("bpf/bind/bind4"))) {
            program = link.program();
        }
        assertTrue(BpfLink.attached(cgroup, Kind.BIND_IPV4).contains(program));
        plane.follow(Set.of(), List.of());
        assertEquals("0", migrates());
        assertFalse(BpfLink.attached(cgroup, Kind.BIND_IPV4).contains(program));
    }

    @Test
    void what_nobody_asks_for_when_the_next_plane_starts_goes() throws Exception {
        serve("a");
        awaitSighting("a", true);
        apply(Map.of("a", 1));
        plane.close();
        assertTrue(Files.exists(run.resolve("bpf/bind/bind4")));

        plane = open();
        plane.follow(Set.of(), List.of());
        assertFalse(Files.exists(run.resolve("bpf")));
        assertEquals("0", migrates());
        assertEquals(Map.of("a", 20), answers(20));
    }

    private String migrates() {
        return namespace.call(() -> Sysctl.read("net.ipv4.tcp_migrate_req").orElseThrow());
    }

    @Test
    void what_a_plane_left_is_removed_without_one() throws Exception {
        serve("a");
        awaitSighting("a", true);
        serve("b");
        awaitSighting("b", true);
        apply(Map.of("a", 1, "b", 0));
        plane.close();
        assertEquals(1, Remains.remove(run).size());
        assertEquals("0", migrates());
        assertEquals(Set.of("a", "b"), answers(200).keySet(), "the kernel chooses evenly again");
        assertEquals(List.of(), Remains.remove(run));
    }

    /// What the host's own network is to replicas that use it: here, that of the test.
    private void onHost(EndpointSpec... specs) {
        sandbox = new Sandbox("host", null, true);
        members.clear();
        for (EndpointSpec spec : specs) {
            members.add(
                    new EndpointSpec(
                            spec.id(),
                            spec.name(),
                            spec.addresses(),
                            new Reach.OnHost(),
                            spec.weight(),
                            spec.replica(),
                            sandbox));
        }
        namespace.call(() -> {
            follow();
            return 0;
        });
    }

    /// A server in a cgroup, which binds as soon as it may.
    private EndpointSpec inGroup(Path group, String name) throws Exception {
        Process process =
                start(
                        name,
                        "sh",
                        "-c",
                        "echo $$ > \"$0/cgroup.procs\" && echo moved && read go && exec python3 -c"
                                + " \"$1\" \"$2\" 8080",
                        group.toString(),
                        SERVER,
                        name);
        assertEquals("moved", process.inputReader().readLine());
        return new EndpointSpec(
                new EndpointId(new ReplicaId("test", name), PORT),
                name,
                EndpointAddresses.of(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT)),
                new Reach.OnHost(),
                Weight.ONE,
                replica(name, process),
                sandbox);
    }

    private static String error(Process process) throws IOException {
        return new String(
                process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private void go(String name) throws Exception {
        processes.get(name).outputWriter().append("go\n").flush();
    }

    @Test
    void on_the_host_those_whose_cgroup_tells_them_apart_share_and_no_other_server()
            throws Exception {
        Path group = Files.createDirectory(cgroup.resolve("sp-" + ProcessHandle.current().pid()));
        try {
            EndpointSpec a = inGroup(group, "a");
            EndpointSpec b = inGroup(group, "b");
            onHost(a, b);
            go("a");
            awaitSighting("a", true);
            go("b");
            awaitSighting("b", true);
            apply(Map.of("a", 3, "b", 1));
            assertEquals(750.0, answers(1_000).get("a"), 60.0);
            assertEquals(List.of(), plane.problems());
            Process stranger = start("stranger", "python3", "-c", SERVER, "stranger", "8080");
            String said = error(stranger);
            assertTrue(said.contains("Address already in use"), said);
        } finally {
            for (String name : List.of("a", "b")) {
                processes.get(name).destroyForcibly().waitFor();
            }
            Files.delete(group);
        }
    }

    @Test
    void on_the_host_one_in_the_root_of_the_cgroups_is_left_alone_and_told_of() throws Exception {
        EndpointSpec a = inGroup(cgroup, "a");
        onHost(a);
        go("a");
        awaitSighting("a", true);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (plane.problems().isEmpty()) {
            assertTrue(System.nanoTime() < end, "no problem was found");
            Thread.onSpinWait();
        }
        assertTrue(
                plane.problems().getFirst().what().contains("root of the cgroup v2 hierarchy"),
                plane.problems().toString());
        Process stranger = start("stranger", "python3", "-c", SERVER, "stranger", "8080");
        String said = error(stranger);
        assertTrue(said.contains("Address already in use"), said);
    }

    @Test
    void the_setting_is_put_back_also_where_there_is_no_file_system_with_programs()
            throws Exception {
        follow();
        assertEquals("1", migrates());
        plane.close();
        Hook.remove(run.resolve("bpf"));
        Remains.unmount(run.resolve("bpf"));
        assertEquals(List.of(), Remains.remove(run));
        assertEquals("0", migrates());
    }
}
