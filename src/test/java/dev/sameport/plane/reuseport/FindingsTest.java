package dev.sameport.plane.reuseport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.ListeningSocket;
import dev.sameport.model.Problem;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FindingsTest {
    private static ListeningSocket socket(String address) {
        InetAddress ip = InetAddress.ofLiteral(address);
        return new ListeningSocket(ip, 8080, address.contains(":"), false, 0, 1, 0, 2);
    }

    private static Findings.Member listening(String name, String address) {
        return new Findings.Member(name, 0, List.of(socket(address)), false, true, List.of(), null);
    }

    private static Findings.Member silent(String name, int user, boolean waited, int... others) {
        return new Findings.Member(
                name,
                user,
                List.of(),
                false,
                waited,
                java.util.Arrays.stream(others).boxed().toList(),
                null);
    }

    private static List<String> of(@Nullable String noHook, Findings.Member... members) {
        return Findings.of("web", 8080, noHook, List.of(members)).stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void replicas_that_bind_alike_are_no_news() {
        assertEquals(List.of(), of(null, listening("a", "0.0.0.0"), listening("b", "0.0.0.0")));
    }

    @Test
    void one_that_starts_is_given_its_time() {
        assertEquals(List.of(), of(null, listening("a", "0.0.0.0"), silent("b", 0, false)));
    }

    @Test
    void another_user_is_named_at_once_with_both_ids() {
        assertEquals(
                List.of(
                        "container b: it runs as user id 1000, but a as 0: the kernel lets only"
                                + " sockets of one user share a port; run all replicas of web as"
                                + " the same user"),
                of(null, listening("a", "0.0.0.0"), silent("b", 1000, false)));
    }

    @Test
    void another_port_is_named() {
        assertEquals(
                List.of(
                        "container b: it listens on 9090, 9091 but not on 8080, which is"
                                + " published; publish the port that it listens on, or let it"
                                + " listen on 8080"),
                of(null, listening("a", "0.0.0.0"), silent("b", 0, true, 9090, 9091)));
    }

    @Test
    void one_that_never_listens_is_named_and_without_the_hook_so_is_the_reason() {
        String plain = of(null, listening("a", "0.0.0.0"), silent("b", 0, true)).getFirst();
        assertTrue(plain.contains("nothing of it listens on port 8080 of web"), plain);
        String old =
                of("Linux is too old", listening("a", "0.0.0.0"), silent("b", 0, true)).getFirst();
        assertTrue(old.endsWith("Linux is too old: let all replicas set SO_REUSEPORT themselves"));
    }

    @Test
    void different_addresses_are_named_with_the_consequence() {
        String problem = of(null, listening("a", "0.0.0.0"), listening("b", "::")).getFirst();
        assertTrue(problem.contains("a on 0.0.0.0, b on [0:0:0:0:0:0:0:0]"), problem);
        assertTrue(problem.contains("the others get none of its kind"), problem);
    }

    @Test
    void one_that_can_not_be_made_to_share_is_named_only_where_it_has_siblings() {
        Findings.Member alone =
                new Findings.Member(
                        "a", 0, List.of(socket("0.0.0.0")), true, true, List.of(), null);
        assertEquals(List.of(), of(null, alone));
        String problem = of(null, alone, listening("b", "0.0.0.0")).getFirst();
        assertTrue(problem.contains("without SO_REUSEPORT"), problem);
        assertTrue(problem.endsWith("restart it"), problem);
    }

    @Test
    void one_that_cant_be_told_from_other_servers_is_told_of_even_while_it_is_the_only_one() {
        Findings.Member hidden =
                new Findings.Member(
                        "a", 0, List.of(socket("0.0.0.0")), true, true, List.of(), "it hides");
        assertEquals(
                List.of(
                        "container a: it listens on port 8080 of web without SO_REUSEPORT, so no"
                                + " other replica can listen there; it hides; let it set"
                                + " SO_REUSEPORT itself, or use a sandbox"),
                of(null, hidden));
    }
}
