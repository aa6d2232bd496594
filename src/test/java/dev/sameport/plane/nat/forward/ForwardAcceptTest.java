package dev.sameport.plane.nat.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.Problem;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Real iptables, both variants, in a namespace.
final class ForwardAcceptTest {
    private static final String RULE =
            "-m connmark --mark 0x5a000000/0xff000000 -m comment --comment sameport -j ACCEPT";

    @TempDir Path directory;
    private TestHost host;

    @BeforeEach
    void make() {
        host = new TestHost(directory);
    }

    @AfterEach
    void vanish() {
        host.close();
    }

    private List<Problem> undoFromJournal() {
        return host.namespace.call(() -> host.journal().undo());
    }

    private boolean check(ForwardAccept accept) {
        BooleanSupplier look = accept::check;
        return host.namespace.call(() -> look.getAsBoolean());
    }

    @ParameterizedTest
    @CsvSource({
        "iptables-nft, docker-20-ipv4",
        "iptables-legacy, docker-20-ipv4",
        "ip6tables-nft, docker-20-ipv6",
        "ip6tables-legacy, docker-20-ipv6",
        "iptables-nft, docker-admin-rules",
        "iptables-legacy, docker-admin-rules",
        "iptables-nft, docker-no-return",
        "ip6tables-nft, docker-20-ipv4",
        "iptables-nft, ufw",
        "iptables-legacy, ufw",
        "iptables-nft, netavark",
        "iptables-nft, accepts-all",
        "iptables-legacy, accepts-all"
    })
    void real_iptables_agrees_with_the_golden_files_and_undo_is_exact(String program, String name) {
        host.load(program, TestHost.golden(name + ".before"));
        String before = host.state();

        List<String> changes = host.apply();

        assertEquals(TestHost.golden(name + ".after").lines().toList(), host.rules(program));
        assertEquals(changes.isEmpty(), before.equals(host.state()));
        assertEquals(List.of(), host.apply());
        assertEquals(List.of(), host.namespace.call(() -> host.accept().undo()));
        assertEquals(before, host.state());
        assertFalse(Files.exists(directory.resolve("journal.jsonl")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iptables-nft", "iptables-legacy", "ip6tables-nft", "ip6tables-legacy"})
    void after_a_crash_the_journal_alone_puts_everything_back(String program) {
        host.load(program, TestHost.golden("docker-20-ipv4.before"));
        String before = host.state();
        var _ = host.apply();
        host.run(program + " -D DOCKER-USER " + RULE);
        var _ = host.apply();

        assertEquals(List.of(), undoFromJournal());
        assertEquals(before, host.state());
        assertFalse(Files.exists(directory.resolve("journal.jsonl")));
        assertEquals(List.of(), undoFromJournal());
    }

    @Test
    void what_was_flushed_meanwhile_is_no_problem_to_undo() {
        host.load("iptables-nft", TestHost.golden("docker-20-ipv4.before"));
        var _ = host.apply();
        host.run("nft flush ruleset");

        assertEquals(List.of(), host.apply());
        assertEquals(List.of(), undoFromJournal());
        assertEquals("", host.run("nft list ruleset"));
    }

    @Test
    void looking_at_a_host_without_iptables_makes_nothing() {
        String before = host.state();

        ForwardAccept accept = host.accept();
        assertEquals(List.of(), host.namespace.call(accept::apply));
        assertTrue(check(accept));
        assertEquals(List.of(), host.namespace.call(accept::problems));
        assertEquals(List.of(), host.namespace.call(accept::undo));

        assertEquals(before, host.state());
        assertEquals("", host.legacyTables());
        assertEquals("", host.run("nft list tables"));
    }

    @Test
    void a_table_of_iptables_without_a_forward_chain_is_left_alone() {
        host.run("iptables-nft -P INPUT DROP");
        String before = host.run("nft -s list ruleset");

        assertEquals(List.of(), host.apply());

        assertEquals(before, host.run("nft -s list ruleset"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
    void the_rule_stays_right_before_the_return_whatever_others_do(String program) {
        host.load(program, TestHost.golden("docker-20-ipv4.before"));
        ForwardAccept accept = host.accept();
        host.namespace.call(accept::apply);
        List<String> disturbances =
                List.of(
                        " -I DOCKER-USER 2 -s 203.0.113.7/32 -j DROP", // between ours and RETURN
                        " -I DOCKER-USER 1 -s 203.0.113.8/32 -j DROP",
                        " -D DOCKER-USER " + RULE,
                        " -I DOCKER-USER 1 " + RULE,
                        " -A DOCKER-USER -s 203.0.113.9/32 -j DROP",
                        " -F DOCKER-USER",
                        " -A DOCKER-USER -j RETURN",
                        " -I DOCKER-USER 1 -j RETURN");
        for (String disturbance : disturbances) {
            host.run(program + disturbance);
            host.namespace.call(accept::apply);
            assertTrue(check(accept), disturbance);

            List<String> chain =
                    host.rules(program).stream()
                            .filter(line -> line.startsWith("-A DOCKER-USER"))
                            .toList();
            int at = chain.indexOf("-A DOCKER-USER " + RULE);
            int end = chain.indexOf("-A DOCKER-USER -j RETURN");
            assertEquals(at, chain.lastIndexOf("-A DOCKER-USER " + RULE), disturbance);
            assertEquals(end < 0 ? chain.size() - 1 : end - 1, at, disturbance + " " + chain);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
    void a_cheap_check_sees_each_kind_of_change(String program) {
        host.load(program, TestHost.golden("ufw.before"));
        ForwardAccept accept = host.accept();
        assertFalse(check(accept));
        host.namespace.call(accept::apply);
        assertTrue(check(accept));

        host.run(program + " -D FORWARD " + RULE);
        assertFalse(check(accept));
        host.namespace.call(accept::apply);
        host.run(program + " -I FORWARD 1 -j ufw-before-forward");
        assertTrue(check(accept), "that chain drops nothing");
        host.run(program + " -A ufw-user-forward -s 203.0.113.7/32 -j DROP");
        assertFalse(check(accept), "now it does");
        host.namespace.call(accept::apply);

        host.load(program, TestHost.golden("docker-20-ipv4.before"));
        assertFalse(check(accept), "an engine came");
    }

    @Test
    void when_docker_comes_the_rule_moves_to_its_chain_and_when_it_goes_back() {
        host.load("iptables-nft", TestHost.golden("ufw.before"));
        String before = host.state();
        var _ = host.apply();
        host.run("iptables-nft -N DOCKER-USER");
        host.run("iptables-nft -A DOCKER-USER -j RETURN");
        host.run("iptables-nft -I FORWARD 1 -j DOCKER-USER");

        assertEquals(
                List.of("iptables-nft -D FORWARD " + RULE, "iptables-nft -I DOCKER-USER 1 " + RULE),
                host.apply());
        host.run("iptables-nft -D FORWARD -j DOCKER-USER");
        assertEquals(2, host.apply().size());
        host.run("iptables-nft -F DOCKER-USER");
        host.run("iptables-nft -X DOCKER-USER");

        assertEquals(List.of(), undoFromJournal());
        assertEquals(before, host.state());
    }

    @Test
    void all_four_firewalls_are_served_at_once() {
        for (String program :
                List.of("iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy")) {
            host.load(program, TestHost.golden("docker-20-ipv4.before"));
        }
        String before = host.state();

        assertEquals(4, host.apply().size());
        assertEquals(List.of(), undoFromJournal());
        assertEquals(before, host.state());
    }

    @Test
    void a_table_that_iptables_can_not_read_is_a_problem_and_stays_as_it_is() {
        host.feed(
                "nft -f -",
                """
                add table ip filter
                add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }
                add rule ip filter FORWARD numgen random mod 2 == 0 accept
                """);
        String before = host.run("nft -s list ruleset");

        assertEquals(List.of(), host.apply());

        List<Problem> problems = host.namespace.call(() -> host.accept().problems());
        assertEquals(before, host.run("nft -s list ruleset"));
        assertEquals(2, problems.size(), problems.toString());
        assertEquals("iptables-nft", problems.getFirst().where());
        assertEquals("firewall chain ip filter FORWARD", problems.getLast().where());
    }

    @Test
    void a_chain_of_others_that_drops_is_named_and_the_rule_that_is_told_helps() {
        host.feed(
                "nft -f -",
                """
                add table inet fw
                add chain inet fw forward { type filter hook forward priority 0; policy drop; }
                """);

        List<Problem> problems = host.namespace.call(() -> host.accept().problems());

        assertEquals("firewall chain inet fw forward", problems.getFirst().where());
        String fix = problems.getFirst().fix();
        host.run(fix.substring(fix.indexOf("nft ")));
        assertEquals(List.of(), host.namespace.call(() -> host.accept().problems()));
    }

    @Test
    void a_chain_that_lets_rewritten_connections_through_is_none_of_our_business() {
        host.feed(
                "nft -f -",
                """
                add table inet fw
                add chain inet fw forward { type filter hook forward priority 0; policy drop; }
                add rule inet fw forward ct status dnat accept
                """);
        assertEquals(List.of(), host.namespace.call(() -> host.accept().problems()));
    }

    @Test
    void strict_firewalld_is_a_problem_where_it_runs() throws IOException {
        Files.writeString(directory.resolve("firewalld.conf"), "# x\nStrictForwardPorts=yes\n");
        assertEquals(List.of(), host.namespace.call(() -> host.accept().problems()));
        host.run("nft add table inet firewalld");
        host.run("nft add chain inet firewalld filter_FORWARD");

        List<Problem> problems = host.namespace.call(() -> host.accept().problems());

        assertEquals(List.of("firewalld"), problems.stream().map(Problem::where).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "0x5a000000/0xff000000, true",
        "0x50000000/0xf0000000, true",
        "0x5a000000/0xffff0000, false",
        "0x4a000000/0xdf000000, false",
        "0x5a000000/0xdf000000, true",
        "0x5b000000/0xff000000, false"
    })
    void docker_on_nftables_passes_by_a_mark_that_ours_implies(String accepted, boolean passes) {
        String[] mark = accepted.split("/");
        host.feed(
                "nft -f -",
                """
                add table ip docker-bridges
                add chain ip docker-bridges filter-FORWARD { type filter hook forward priority 0; policy accept; }
                add chain ip docker-bridges filter-forward-in__docker0
                add rule ip docker-bridges filter-forward-in__docker0 meta mark and %s == %s counter accept comment "ALLOW FW MARK"
                add rule ip docker-bridges filter-forward-in__docker0 ct state established,related counter accept
                add rule ip docker-bridges filter-forward-in__docker0 counter drop comment "UNPUBLISHED PORT DROP"
                """
                        .formatted(mark[1], mark[0]));

        ForwardState state = host.namespace.call(() -> host.accept().inspect());

        assertEquals(passes, state.copyMarkToPackets());
        assertEquals(passes, state.problems().isEmpty());
        if (!passes) {
            assertTrue(
                    state.problems()
                            .getFirst()
                            .fix()
                            .contains("\"bridge-accept-fwmark\": \"0x5a000000/0xff000000\""));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "iptables-nft, 198.18.3.2",
        "iptables-legacy, 198.18.3.2",
        "ip6tables-nft, fd00:3::2",
        "ip6tables-legacy, fd00:3::2"
    })
    void a_marked_connection_passes_a_firewall_that_drops_and_another_does_not(
            String program, String server) throws IOException {
        try (Neighbours neighbours = new Neighbours(host)) {
            neighbours.join("c", 2);
            neighbours.join("s", 3);
            host.run("sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
            host.feed(
                    "nft -f -",
                    """
                    add table inet marks
                    add chain inet marks prerouting { type filter hook prerouting priority -110; }
                    add rule inet marks prerouting tcp dport 8080 ct mark set ct mark | 0x5a000000
                    """);
            host.load(program, TestHost.golden("docker-20-ipv4.before"));
            assertThrows(SocketTimeoutException.class, () -> neighbours.dial(2, server, 8080));
            var _ = host.apply();

            neighbours.dial(2, server, 8080);
            assertThrows(SocketTimeoutException.class, () -> neighbours.dial(2, server, 8081));
        }
    }
}
