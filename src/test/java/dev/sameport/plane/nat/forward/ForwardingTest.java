package dev.sameport.plane.nat.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Family;
import dev.sameport.model.Problem;
import dev.sameport.plane.nat.NatOptions;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForwardingTest {
    @TempDir Path directory;
    private TestHost host;

    @BeforeEach
    void make() {
        host = new TestHost(directory);
        host.run("ip link add d0.7 type veth peer name d0p");
        host.run("ip link add br-old type bridge");
        // A host of settings that a plain off would not bring back.
        set("net.ipv4.ip_forward", "0");
        set("net.ipv6.conf.all.forwarding", "0");
        set("net.ipv4.conf.all.accept_redirects", "0");
        set("net.ipv4.conf.br-old.forwarding", "1");
        set("net.ipv6.conf.br-old.accept_ra", "0");
    }

    @AfterEach
    void vanish() {
        host.close();
    }

    private void set(String name, String value) {
        host.run("sysctl -q -w " + name + "=" + value);
    }

    private String get(String name) {
        return host.run("sysctl -n " + name).strip();
    }

    private List<Problem> on() {
        return host.namespace.call(() -> host.forwarding().on());
    }

    @Test
    void every_setting_is_back_after_it_was_on() {
        String before = host.state();

        assertEquals(List.of(), on());
        assertEquals("1", get("net.ipv4.ip_forward"));
        assertEquals("1", get("net.ipv6.conf.all.forwarding"));
        assertEquals("2", get("net.ipv6.conf.d0/7.accept_ra"));
        assertEquals("0", get("net.ipv6.conf.br-old.accept_ra"));

        assertEquals(List.of(), host.namespace.call(() -> host.forwarding().putBack(false)));
        assertEquals(before, host.state());
        assertFalse(Files.exists(directory.resolve("journal.jsonl")));
    }

    @Test
    void after_a_crash_at_any_moment_the_journal_puts_everything_back() throws IOException {
        String before = host.state();
        assertEquals(List.of(), on());
        List<String> lines = Files.readAllLines(directory.resolve("journal.jsonl"));
        // A second start changes nothing, and the first former values hold.
        assertEquals(List.of(), on());
        assertEquals(lines, Files.readAllLines(directory.resolve("journal.jsonl")));
        // Interfaces came and went.
        host.run("ip link add late0 type veth peer name late1");
        host.run("ip link delete late0");

        assertEquals(List.of(), host.namespace.call(() -> host.journal().undo()));
        assertEquals(before, host.state());
    }

    @Test
    void what_was_on_before_is_not_touched() {
        set("net.ipv4.ip_forward", "1");
        set("net.ipv6.conf.all.forwarding", "1");
        String before = host.state();

        assertEquals(List.of(), on());

        assertEquals(before, host.state());
        assertFalse(Files.exists(directory.resolve("journal.jsonl")));
    }

    @Test
    void with_an_engine_forwarding_stays_and_the_drops_go() {
        assertEquals(List.of(), on());

        List<Problem> problems = host.namespace.call(() -> host.forwarding().putBack(true));

        assertEquals(2, problems.size(), problems.toString());
        assertEquals("1", get("net.ipv4.ip_forward"));
        assertEquals("", host.run("nft list tables"));
        assertFalse(host.namespace.call(() -> host.forwarding().repair()));
        // Later, without it, the former values are still known.
        assertEquals(List.of(), host.namespace.call(() -> host.forwarding().putBack(false)));
        assertEquals("0", get("net.ipv4.ip_forward"));
        assertEquals("0", get("net.ipv4.conf.all.accept_redirects"));
        assertEquals("1", get("net.ipv4.conf.br-old.forwarding"));
    }

    @Test
    void what_somebody_else_set_since_stays_and_is_told() {
        assertEquals(List.of(), on());
        set("net.ipv6.conf.d0/7.accept_ra", "0");

        List<Problem> problems = host.namespace.call(() -> host.forwarding().putBack(false));

        assertEquals("0", get("net.ipv6.conf.d0/7.accept_ra"));
        assertEquals(
                List.of("net.ipv6.conf.d0/7.accept_ra"),
                problems.stream().map(Problem::where).toList());
    }

    @Test
    void an_interface_that_no_rule_can_name_leaves_everything_off() {
        host.run("ip link add x\"y type veth peer name xy");
        String before = host.state();

        List<Problem> problems = on();

        assertEquals("interface x\"y", problems.getFirst().where());
        assertEquals(before, host.state());
    }

    @Test
    void flushed_drops_come_back_as_they_were_whatever_interfaces_came() {
        assertEquals(List.of(), on());
        String rules = host.run("nft -s list ruleset");
        host.run("nft flush ruleset");
        host.run("ip link add late0 type veth peer name late1");

        assertTrue(host.namespace.call(() -> host.forwarding().repair()));

        assertEquals(rules, host.run("nft -s list ruleset"));
        assertFalse(host.namespace.call(() -> host.forwarding().repair()));
    }

    @Test
    void the_rules_are_those_of_the_golden_file() {
        Map<Family, Set<String>> guarded =
                new TreeMap<>(
                        Map.of(Family.IPV4, new java.util.TreeSet<>(Set.of("eth0", "br-old"))));

        String commands =
                NewlyForwarded.commands(
                        Forwarding.TABLE, guarded, Set.of("br-old"), NatOptions.DEFAULT);

        assertEquals(TestHost.golden("newly-forwarded.nft"), commands);
        host.nft.apply(commands);
    }

    @Test
    void only_our_connections_and_those_of_later_interfaces_are_forwarded() throws IOException {
        try (Neighbours neighbours = new Neighbours(host)) {
            neighbours.join("old1", 1);
            neighbours.join("old2", 2);
            assertEquals(List.of(), on());
            neighbours.join("late", 3);
            host.feed(
                    "nft -f -",
                    """
                    add table inet marks
                    add chain inet marks prerouting { type filter hook prerouting priority -110; }
                    add rule inet marks prerouting tcp dport 8080 ct mark set ct mark | 0x5a000000
                    """);

            neighbours.dial(1, 2, 8080);
            neighbours.dial(1, 3, 8081);
            neighbours.dial(3, 2, 8081);
            Assertions.assertThrows(
                    SocketTimeoutException.class, () -> neighbours.dial(1, 2, 8081));
        }
    }
}
