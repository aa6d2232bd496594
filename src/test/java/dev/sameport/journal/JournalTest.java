package dev.sameport.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.Commands;
import dev.sameport.linux.NetworkNamespace;
import dev.sameport.linux.Sysctl;
import dev.sameport.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalTest {
    private static final Entry.Setting FORWARD = new Entry.Setting("net.ipv4.ip_forward", "0", "1");
    private static final Entry.Rule RULE =
            new Entry.Rule(
                    "iptables-nft",
                    "filter",
                    "DOCKER-USER",
                    "-m comment --comment sameport -j ACCEPT");
    private static final List<Entry> EACH =
            List.of(
                    FORWARD,
                    RULE,
                    new Entry.Table("inet sameport_forward"),
                    new Entry.CausedTable("ip filter"),
                    new Entry.CausedChain("ip filter", "FORWARD"),
                    new Entry.Link("sameport-t0"),
                    new Entry.Namespace("sp-there-is-none"));

    @TempDir Path directory;

    private Journal journal() {
        return new Journal(directory);
    }

    private Path file() {
        return directory.resolve("journal.jsonl");
    }

    private static String run(String command) {
        return Commands.run(Duration.ofSeconds(20), command.split(" ")).output();
    }

    @Test
    void what_was_recorded_is_there_for_the_next_process_in_order_and_once() {
        Journal journal = journal();
        EACH.forEach(journal::record);
        EACH.forEach(journal::record);

        assertEquals(EACH, journal().entries());
    }

    @Test
    void what_was_forgotten_is_gone_and_can_come_again() {
        EACH.forEach(journal()::record);
        journal().forget(RULE);
        journal().forget(RULE);
        assertFalse(journal().entries().contains(RULE));

        journal().record(RULE);
        assertEquals(RULE, journal().entries().getLast());
    }

    @Test
    void of_a_setting_the_first_former_value_holds() {
        journal().record(FORWARD);
        journal().record(new Entry.Setting(FORWARD.name(), "1", "1"));

        assertEquals(List.of(FORWARD), journal().entries());
    }

    @Test
    void a_file_cut_at_any_byte_still_tells_of_every_whole_line() throws IOException {
        EACH.forEach(journal()::record);
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length <= whole.length; length++) {
            Files.write(file(), java.util.Arrays.copyOf(whole, length));
            List<Entry> left = journal().entries();
            assertEquals(EACH.subList(0, left.size()), left);

            journal().record(new Entry.Link("next"));
            assertEquals(left.size() + 1, journal().entries().size(), "cut at " + length);
        }
    }

    @Test
    void damage_anywhere_is_told_and_costs_no_other_line() throws IOException {
        EACH.forEach(journal()::record);
        List<String> lines = Files.readAllLines(file());
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous()) {
            for (int seed = 0; seed < 300; seed++) {
                SplittableRandom random = new SplittableRandom(seed);
                String damaged = damaged(lines.get(1 + random.nextInt(EACH.size())), random);
                Files.writeString(file(), String.join("\n", lines) + "\n" + damaged + "\n");
                List<Entry> entries = journal().entries();
                assertTrue(entries.size() >= EACH.size() - 1, "seed " + seed + ": " + damaged);
            }
            Files.writeString(file(), "");
            List<Problem> problems =
                    namespace.call(() -> {
                        journal().record(FORWARD);
                        Files.writeString(
                                file(), "{\"kind\":\"later\"}\n", StandardOpenOption.APPEND);
                        return journal().undo();
                    });
            assertEquals(1, problems.size());
            assertTrue(problems.getFirst().what().contains("kind 'later' is unknown"));
        }
    }

    private static String damaged(String line, SplittableRandom random) {
        StringBuilder text = new StringBuilder(line);
        for (int i = 0; i < 3; i++) {
            text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(95)));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"link\",\"name\":\"-all\"}",
                "{\"kind\":\"namespace\",\"name\":\"../../etc\"}",
                "{\"kind\":\"table\",\"name\":\"inet x; flush ruleset\"}",
                "{\"kind\":\"rule\",\"program\":\"/bin/sh\",\"table\":\"filter\",\"chain\":\"A\",\"rule\":\"\"}",
                "{\"kind\":\"rule\",\"program\":\"iptables-nft\",\"table\":\"filter\",\"chain\":\"A\",\"rule\":\"\\n-F\"}",
                "{\"kind\":\"rule\",\"program\":\"iptables-nft\",\"table\":\"filter\",\"chain\":\"-F\",\"rule\":\"\"}",
                "{\"kind\":\"setting\",\"name\":\"a b\",\"former\":\"\",\"set\":\"\"}",
                "{\"kind\":\"link\"}",
                "{\"kind\":\"link\",\"name\":7}",
                "[]",
                "null",
                ""
            })
    void a_line_that_could_do_harm_is_refused(String line) {
        assertThrows(IllegalArgumentException.class, () -> JournalLine.parse(line));
    }

    @Test
    void everything_is_undone_the_latest_first_and_the_file_is_gone() {
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous()) {
            namespace.call(() -> {
                String before = run("nft list ruleset") + run("ip -br link");
                Sysctl.write("net.ipv4.ip_forward", "0");
                EACH.forEach(journal()::record);
                Sysctl.write("net.ipv4.ip_forward", "1");
                run("nft add table inet sameport_forward");
                run("iptables-nft -I FORWARD 1 -j ACCEPT");
                run("iptables-nft -D FORWARD 1");
                run("ip link add sameport-t0 type bridge");

                assertEquals(List.of(), journal().undo());

                assertEquals(before, run("nft list ruleset") + run("ip -br link"));
                assertEquals(Optional.of("0"), Sysctl.read("net.ipv4.ip_forward"));
                assertFalse(Files.exists(file()));
                assertEquals(List.of(), journal().undo());
                return "";
            });
        }
    }

    @Test
    void a_caused_table_that_others_use_by_now_stays() {
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous()) {
            namespace.call(() -> {
                journal().record(new Entry.CausedTable("ip filter"));
                journal().record(new Entry.CausedChain("ip filter", "FORWARD"));
                run("iptables-nft -I FORWARD 1 -i x -j DROP");
                String before = run("nft -s list ruleset");

                assertEquals(List.of(), journal().undo());

                assertEquals(before, run("nft -s list ruleset"));
                return "";
            });
        }
    }

    @Test
    void what_can_not_be_undone_is_told_and_stays_for_another_try() {
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous()) {
            namespace.call(() -> {
                Entry chain = new Entry.CausedChain("ip filter", "busy");
                journal().record(FORWARD);
                journal().record(chain);
                run("nft add table ip filter");
                run("nft add chain ip filter busy");
                run("nft add chain ip filter user");
                run("nft add rule ip filter user jump busy");

                assertEquals(
                        List.of(chain.text()),
                        journal().undo().stream().map(Problem::where).toList());
                assertEquals(List.of(chain), journal().entries());

                run("nft flush chain ip filter user");
                assertEquals(List.of(), journal().undo());
                assertFalse(Files.exists(file()));
                return "";
            });
        }
    }

    @Test
    void a_file_of_another_boot_holds_nothing() throws IOException {
        journal().record(FORWARD);
        String text = Files.readString(file());
        Files.writeString(file(), text.replaceFirst("\"boot\":\"[0-9a-f]", "\"boot\":\"z"));

        assertEquals(List.of(), journal().entries());
        journal().record(RULE);
        assertEquals(List.of(RULE), journal().entries());
    }

    @Test
    void a_file_of_another_namespace_is_told_and_set_aside_but_never_undone_here() {
        try (NetworkNamespace namespace = NetworkNamespace.createAnonymous()) {
            journal().record(FORWARD);
            namespace.call(() -> {
                Sysctl.write("net.ipv4.ip_forward", "1");
                assertEquals(1, journal().undo().size());
                assertEquals(Optional.of("1"), Sysctl.read("net.ipv4.ip_forward"));
                journal().record(RULE);
                assertEquals(List.of(RULE), journal().entries());
                return "";
            });
            assertEquals(2, directory.toFile().list().length);
        }
    }
}
