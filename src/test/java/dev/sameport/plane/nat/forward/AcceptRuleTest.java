package dev.sameport.plane.nat.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.plane.nat.NatOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AcceptRuleTest {
    private static final AcceptRule RULE = AcceptRule.of(NatOptions.DEFAULT);

    private static List<Step> plan(List<String> lines) {
        return RULE.plan(state(lines));
    }

    private static ForwardState state(List<String> lines) {
        return new ForwardState(
                List.of(new ForwardState.Filter("iptables-nft", FilterTable.parse(lines))),
                false,
                List.of());
    }

    /// What iptables would do.
    private static List<String> perform(List<Step> steps, List<String> lines) {
        List<String> result = new ArrayList<>(lines);
        for (Step step : steps) {
            String prefix = "-A " + step.chain() + " ";
            switch (step) {
                case Step.Delete delete ->
                        assertTrue(result.remove(prefix + delete.rule()), delete.line());
                case Step.Insert insert -> {
                    List<String> rules =
                            result.stream().filter(line -> line.startsWith(prefix)).toList();
                    assertTrue(insert.position() <= rules.size() + 1, insert.line());
                    int at =
                            insert.position() > rules.size()
                                    ? result.size()
                                    : result.indexOf(rules.get(insert.position() - 1));
                    result.add(at, prefix + insert.rule());
                }
            }
        }
        return result;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker-20-ipv4",
                "docker-20-ipv6",
                "docker-admin-rules",
                "docker-no-return",
                "docker-rule-not-last",
                "docker-rule-doubled-and-stale",
                "docker-user-without-jump",
                "accepts-all",
                "ufw",
                "netavark"
            })
    void the_plan_makes_of_each_firewall_what_its_golden_file_says(String name) {
        List<String> before = TestHost.golden(name + ".before").lines().toList();

        List<String> after = perform(plan(before), before);

        assertEquals(TestHost.golden(name + ".after").lines().toList(), after);
        assertEquals(List.of(), plan(after));
    }

    @Test
    void the_steps_are_lines_for_iptables_restore() {
        List<String> lines =
                plan(TestHost.golden("docker-rule-not-last.before").lines().toList()).stream()
                        .map(Step::line)
                        .toList();

        String rule =
                "-m connmark --mark 0x5a000000/0xff000000 -m comment --comment sameport -j ACCEPT";
        assertEquals(List.of("-D DOCKER-USER " + rule, "-I DOCKER-USER 2 " + rule), lines);
    }

    @Test
    void a_rule_of_another_mark_is_replaced_and_a_full_mask_is_not_written() {
        NatOptions other = new NatOptions(0x77, -1, Duration.ofMinutes(1), false);
        List<String> before = TestHost.golden("ufw.after").lines().toList();

        List<String> lines =
                AcceptRule.of(other).plan(state(before)).stream().map(Step::line).toList();

        assertEquals(
                List.of(
                        "-D FORWARD " + RULE.text(),
                        "-I FORWARD 1 -m connmark --mark 0x77 -m comment --comment sameport -j ACCEPT"),
                lines);
    }

    @Test
    void in_forward_the_rule_may_stay_behind_one_that_can_not_drop() {
        List<String> after = new ArrayList<>(TestHost.golden("ufw.after").lines().toList());
        int ours = after.indexOf("-A FORWARD " + RULE.text());
        after.add(ours, "-A FORWARD -i eth7 -j ACCEPT");
        assertEquals(List.of(), plan(after));

        after.add(ours, "-A FORWARD -i eth8 -j DROP");
        assertEquals(2, plan(after).size());
        assertEquals(
                "-A FORWARD " + RULE.text(),
                perform(plan(after), after).stream()
                        .filter(line -> line.startsWith("-A FORWARD"))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void a_rule_of_somebody_else_with_our_comment_stays() {
        List<String> lines =
                List.of(
                        "-P FORWARD ACCEPT",
                        "-A FORWARD -s 198.18.0.9/32 -m comment --comment sameport -j ACCEPT");
        assertEquals(List.of(), plan(lines));
    }

    @Test
    void an_unknown_target_and_a_long_way_to_a_drop_count_as_dropping() {
        assertFalse(drops("-A FORWARD -j A", "-A A -j B", "-A B -j A"));
        assertTrue(drops("-A FORWARD -j A", "-A A -g B", "-A B -i x -j DROP"));
        assertTrue(drops("-A FORWARD -i x -j NFQUEUE --queue-num 1"));
        assertTrue(drops("-A FORWARD -j WHATEVER"));
        assertFalse(drops("-A FORWARD -m comment --comment \"-j DROP\""));
        assertFalse(drops("-A INPUT -j DROP"));
    }

    private static boolean drops(String... rules) {
        List<String> lines = new ArrayList<>(List.of("-P FORWARD ACCEPT", "-N A", "-N B"));
        lines.addAll(List.of(rules));
        return FilterTable.parse(lines).chainForAccept().equals(FilterTable.FORWARD);
    }

    @Test
    void whatever_is_in_the_chains_one_plan_is_enough_and_leaves_the_others_in_order() {
        List<String> bits =
                List.of(
                        "-j RETURN",
                        "-s 198.18.0.1/32 -j DROP",
                        "-i a -j ACCEPT",
                        "-m comment --comment \"it's \\\"odd\\\"\" -j RETURN",
                        RULE.text(),
                        RULE.text().replace("5a", "11"),
                        "");
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<String> lines = new ArrayList<>();
            lines.add("-P FORWARD " + (random.nextBoolean() ? "DROP" : "ACCEPT"));
            lines.add("-N DOCKER-USER");
            for (String chain : List.of("FORWARD", "DOCKER-USER")) {
                if (chain.equals("FORWARD") && random.nextBoolean()) {
                    lines.add("-A FORWARD -j DOCKER-USER");
                }
                for (int i = random.nextInt(6); i > 0; i--) {
                    lines.add("-A " + chain + " " + bits.get(random.nextInt(bits.size())));
                }
            }

            List<String> after = perform(plan(lines), lines);

            String at = "seed " + seed + ": " + lines;
            assertEquals(List.of(), plan(after), at);
            assertEquals(others(lines), others(after), at);
        }
    }

    private static List<String> others(List<String> lines) {
        return lines.stream().filter(line -> !line.contains("connmark")).toList();
    }

    @Test
    void hostile_text_is_read_without_harm() {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder("-P FORWARD DROP\n");
            for (int i = random.nextInt(80); i > 0; i--) {
                text.append(" \"\\\n-AjgX'".charAt(random.nextInt(10)));
            }
            List<Step> steps = plan(text.toString().lines().toList());
            assertEquals(1, steps.size(), "seed " + seed + ": " + text);
        }
    }

    @Test
    void words_are_told_as_iptables_quotes_them() {
        assertEquals(
                List.of("-m", "comment", "--comment", "a \"b\" \\ c", "-j", "X", ""),
                Rule.parse("-m comment --comment \"a \\\"b\\\" \\\\ c\" -j X \"\"").words());
    }
}
