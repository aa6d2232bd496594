package dev.sameport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sameport.model.Attachment;
import dev.sameport.model.Desired;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointAddresses;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.EnginePort;
import dev.sameport.model.Labels;
import dev.sameport.model.Phase;
import dev.sameport.model.Policies;
import dev.sameport.model.Protocol;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServicePort;
import dev.sameport.model.StopPolicy;
import dev.sameport.model.Weight;
import dev.sameport.provider.Observation;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LastSeenTest {
    private static final int SPOILED = 5_000;

    @TempDir Path directory;

    private static Replica replica(int pid) {
        Inet4Address four = (Inet4Address) InetAddress.ofLiteral("198.18.0.2");
        Inet6Address six = (Inet6Address) InetAddress.ofLiteral("fd00::2");
        return new Replica(
                new ReplicaId("docker", "c1"),
                "odd \"name\"\n",
                "app",
                Labels.of(Map.of("sameport.publish", "80:8080")),
                Labels.of(Map.of("a", "b")),
                Replica.State.RUNNING,
                Replica.Health.HEALTHY,
                List.of(
                        new Attachment("one", four, six, true, false, new Reach.OnBridge("br0")),
                        new Attachment("two", null, null, false, true, new Reach.OnBridge("br1"))),
                false,
                List.of(
                        new EnginePort(
                                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9000),
                                8080,
                                Protocol.TCP)),
                OptionalInt.of(pid),
                Instant.parse("2026-01-01T00:00:00.123456789Z"),
                new StopPolicy("SIGINT", Duration.ofSeconds(3)));
    }

    private static Desired serving(Replica replica, Phase phase) {
        Attachment first = replica.attachments().getFirst();
        EndpointSpec spec =
                new EndpointSpec(
                        new EndpointId(replica.id(), 8080),
                        replica.name(),
                        new EndpointAddresses(first.ipv4(), first.ipv6(), 8080),
                        first.reach(),
                        new Weight(1),
                        replica);
        ServicePort port =
                new ServicePort(
                        PublishedPort.tcp(80),
                        List.of(new Endpoint(spec, phase, true, true, true)),
                        ServicePort.Intake.SERVE);
        return new Desired(
                1, List.of(new Service(new ServiceName("web"), List.of(port), Policies.DEFAULT)));
    }

    @Test
    void what_was_written_is_read_while_its_process_lives() {
        Replica own = replica((int) ProcessHandle.current().pid());

        new LastSeen(directory).write(serving(own, Phase.READY));

        assertEquals(
                Map.of("docker", new Observation.Complete("docker", List.of(own), List.of())),
                new LastSeen(directory).read());
    }

    @Test
    void a_process_that_has_ended_is_not_read_even_if_its_number_is_used_again() throws Exception {
        Replica own = replica((int) ProcessHandle.current().pid());
        new LastSeen(directory).write(serving(own, Phase.READY));
        Path file = directory.resolve("replicas.jsonl");
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "\"began\":\"[^\"]*\"", "\"began\":\"2026-01-01T00:00:00Z\""));

        assertEquals(Map.of(), new LastSeen(directory).read());
    }

    @Test
    void who_does_not_serve_is_not_written() {
        Replica own = replica((int) ProcessHandle.current().pid());

        new LastSeen(directory).write(serving(own, Phase.DRAINING));

        assertEquals(Map.of(), new LastSeen(directory).read());
    }

    @Test
    void without_a_file_nothing_was_seen() {
        assertEquals(Map.of(), new LastSeen(directory).read());
    }

    @Test
    void spoiled_lines_are_passed_over() throws Exception {
        Replica own = replica((int) ProcessHandle.current().pid());
        new LastSeen(directory).write(serving(own, Phase.READY));
        Path file = directory.resolve("replicas.jsonl");
        String good = Files.readString(file);
        Files.writeString(file, "garbage\n{}\nnull\n" + good.substring(0, 50) + "\n" + good);

        assertEquals(1, new LastSeen(directory).read().size());
    }

    @Test
    void a_line_spoiled_at_random_is_read_or_refused_and_nothing_else() {
        Replica own = replica((int) ProcessHandle.current().pid());
        String good = java.util.Objects.requireNonNull(ReplicaLine.of(own)).text();
        SplittableRandom random = new SplittableRandom(7);
        int refused = 0;
        for (int i = 0; i < SPOILED; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x20, 0x7f));
            }
            try {
                assertEquals(
                        ReplicaLine.parse(text.toString()),
                        ReplicaLine.parse(ReplicaLine.parse(text.toString()).text()));
            } catch (IllegalArgumentException _) {
                refused++;
            }
        }
        assertEquals(true, refused > SPOILED / 10 && refused < SPOILED, refused + " refused");
        assertThrows(IllegalArgumentException.class, () -> ReplicaLine.parse("{}"));
    }
}
