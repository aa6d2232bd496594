package dev.sameport.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Claims;
import dev.sameport.model.Declaration;
import dev.sameport.model.EndpointId;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.ServiceName;
import dev.sameport.model.ServiceSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterpreterTest {
    private static final PublishedPort EIGHTY = PublishedPort.tcp(80);

    private static List<EndpointSpec> endpoints(Interpretation interpretation) {
        ServiceSpec service = interpretation.services().getFirst();
        return service.ports().getFirst().endpoints();
    }

    @Test
    void an_empty_machine_asks_for_nothing() {
        Interpretation nothing =
                Interpreter.interpret(List.of(), Claims.NONE, InterpreterOptions.DEFAULT);
        assertEquals(new Interpretation(List.of(), Claims.NONE, List.of(), List.of()), nothing);
    }

    @Test
    void a_container_seen_through_two_sockets_counts_once() {
        Machine machine = new Machine();
        machine.add("web").publish("80").id = "f".repeat(64);
        Machine.Container again = machine.bare("docker:other.sock", "web").publish("80");
        again.id = "f".repeat(64);
        again.network(Machine.bridge("bridge", 10));
        machine.declare("mine", Map.of("sameport.publish", "81"), named("web"));
        Interpretation interpretation = machine.interpret();
        assertEquals(List.of(), interpretation.problems());
        assertEquals(1, endpoints(interpretation).size());
    }

    @Test
    void a_plain_address_is_an_endpoint_of_its_own_port() {
        Machine machine =
                new Machine()
                        .declare(
                                "web",
                                Map.of("sameport.publish", "80:1234"),
                                new Declaration.Member.At(
                                        new InetSocketAddress(
                                                InetAddress.ofLiteral("10.0.0.5"), 8080)));
        EndpointSpec endpoint = endpoints(machine.interpret()).getFirst();
        assertEquals(
                new EndpointId(new ReplicaId("address", "10.0.0.5:8080"), 8080), endpoint.id());
        assertEquals(new Reach.Plain(), endpoint.reach());
    }

    @Test
    void a_plain_address_that_a_container_has_here_is_not_served_and_the_container_named() {
        Machine machine = new Machine();
        machine.bare("docker", "stranger").network(Machine.bridge("bridge", 10));
        InetAddress taken = Machine.bridge("bridge", 10).ipv4();
        machine.declare(
                "web",
                Map.of("sameport.publish", "80"),
                new Declaration.Member.At(new InetSocketAddress(taken, 8080)));
        Interpretation interpretation = machine.interpret();
        assertEquals(List.of(), endpoints(interpretation));
        assertTrue(
                interpretation.problems().toString().contains("container stranger"),
                interpretation.problems()::toString);
    }

    @Test
    void a_declaration_weighs_its_members_before_their_own_labels_do() {
        Machine machine = new Machine();
        machine.add("one").service("web").publish("80").label("sameport.weight", "3");
        machine.declare(
                "web", Map.of("sameport.publish", "80", "sameport.weight", "7"), named("one"));
        assertEquals(7, endpoints(machine.interpret()).getFirst().weight().value());
    }

    @Test
    void a_declared_service_keeps_its_port_while_its_container_is_stopped() {
        Machine machine = new Machine();
        machine.add("web").state(Replica.State.EXITED);
        machine.declare("web", Map.of("sameport.publish", "80"), named("web"));
        Interpretation interpretation = machine.interpret();
        assertEquals(List.of(), endpoints(interpretation));
        assertTrue(interpretation.services().getFirst().permanent());
        assertEquals(List.of(), interpretation.problems());
    }

    @Test
    void what_a_person_declared_comes_before_containers_without_a_record() {
        Machine machine = new Machine();
        machine.add("old").service("old").publish("80").started(-1_000_000);
        machine.declare("mine", Map.of("sameport.publish", "80"));
        assertEquals(
                Claims.of(Map.of(EIGHTY, new ServiceName("mine"))), machine.interpret().claims());
    }

    @Test
    void a_published_port_of_the_engine_that_is_the_shared_one_is_no_way_in() {
        Machine machine = new Machine();
        machine.bare("docker", "web").publish("80").port("127.0.0.1", 80, 80);
        Interpretation interpretation = machine.interpret();
        assertEquals(List.of(), endpoints(interpretation));
        assertTrue(
                interpretation.problems().toString().contains("drop port 80"),
                interpretation.problems()::toString);
    }

    @Test
    void a_thousand_replicas_and_ports_are_read_in_no_time() {
        Machine machine = new Machine();
        for (int i = 0; i < 1_000; i++) {
            machine.bare("docker", "many" + i)
                    .service("many")
                    .publish("80:8080")
                    .network(Machine.bridge("bridge", 1 + i % 250));
        }
        for (int i = 0; i < 20; i++) {
            machine.bare("docker", "wide" + i)
                    .service("wide" + i)
                    .publish("1000-1999")
                    .network(Machine.bridge("bridge", 1));
        }
        Interpretation interpretation =
                assertTimeout(Duration.ofSeconds(5), () -> machine.interpret());
        assertEquals(1_000, endpoints(interpretation).size());
        assertEquals(1_001, interpretation.claims().holders().size());
        assertEquals(19 * 6, interpretation.problems().size());
    }

    private static Declaration.Member named(String name) {
        return new Declaration.Member.Named(name);
    }
}
