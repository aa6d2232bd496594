package dev.sameport.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NftablesTest {
    private static final String NO_LIBRARY = "libnftables-that-is-nowhere.so.1";

    private final NetworkNamespace namespace = NetworkNamespace.createAnonymous();

    @AfterEach
    void vanish() {
        namespace.close();
    }

    private Nftables open(String library) {
        return new NftablesSources(library, NftCommand.usualPlaces()).open(namespace);
    }

    @Test
    void a_process_with_thousands_of_open_files_keeps_its_rules() {
        List<Descriptor> many = Stream.generate(Descriptor::event).limit(1_500).toList();
        try (Nftables nftables = open("libnftables.so.1")) {
            nftables.apply("add table inet t");

            assertTrue(nftables.listText("list tables").contains("inet t"));
        } finally {
            many.forEach(Descriptor::close);
        }
    }

    @Test
    void an_open_connection_to_nftables_keeps_no_copy_of_an_open_file() throws Exception {
        Pipe pipe = Pipe.open();
        try (Pipe.SourceChannel source = pipe.source();
                Nftables _ = open("libnftables.so.1");
                ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor()) {
            pipe.sink().close();

            int end =
                    reader.submit(() -> source.read(ByteBuffer.allocate(1)))
                            .get(10, TimeUnit.SECONDS);
            assertEquals(-1, end);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"libnftables.so.1", NO_LIBRARY})
    void what_was_applied_is_listed_as_text_and_as_json_with_counters(String library) {
        try (Nftables nftables = open(library)) {
            nftables.apply(
                    """
                    add table inet t
                    add map inet t ports { type inet_proto . inet_service : verdict; counter; }
                    add element inet t ports { tcp . 80 : accept }
                    """);

            assertTrue(
                    nftables.listText("list table inet t").contains("tcp . 80 counter packets 0"));
            String json = nftables.list("list table inet t");
            assertTrue(json.contains("{\"concat\": [6, 80]}"), json);
            assertTrue(json.contains("\"counter\": {\"packets\": 0"), json);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"libnftables.so.1", NO_LIBRARY})
    void a_transaction_with_one_bad_command_changes_nothing_and_says_why(String library) {
        try (Nftables nftables = open(library)) {
            String commands = "add table inet t\nadd rule inet t nowhere accept\n";

            NftablesException refusal =
                    assertThrows(NftablesException.class, () -> nftables.apply(commands));

            assertEquals(commands, refusal.commands());
            assertTrue(refusal.reason().contains("No such file or directory"), refusal.reason());
            assertEquals("", nftables.listText("list tables"));
        }
    }

    @Test
    void an_error_is_not_seen_again_by_the_next_command() {
        try (Nftables nftables = open("libnftables.so.1")) {
            assertThrows(NftablesException.class, () -> nftables.list("list table inet absent"));
            nftables.apply("add table inet t");

            NftablesException second =
                    assertThrows(NftablesException.class, () -> nftables.apply("nonsense"));

            assertTrue(second.reason().contains("syntax error"), second.reason());
            assertTrue(!second.reason().contains("absent"), second.reason());
            assertEquals("table inet t\n", nftables.listText("list tables"));
        }
    }

    @Test
    void many_threads_may_share_it() throws Exception {
        try (Nftables nftables = open("libnftables.so.1");
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var failures = new ConcurrentLinkedQueue<Throwable>();
            for (int i = 0; i < 50; i++) {
                String table = "t" + i;
                var _ =
                        callers.submit(() -> {
                            try {
                                nftables.apply("add table inet " + table);
                                var _ = nftables.list("list table inet " + table);
                            } catch (RuntimeException failure) {
                                failures.add(failure);
                            }
                        });
            }
            callers.shutdown();
            assertTrue(callers.awaitTermination(20, TimeUnit.SECONDS));
            assertEquals(List.of(), List.copyOf(failures));
            assertEquals(50, nftables.listText("list tables").lines().count());
        }
    }

    @Test
    void open_belongs_to_the_namespace_of_its_caller() throws Exception {
        try (Nftables inside = namespace.call(() -> Nftables.open());
                NetworkNamespace other = NetworkNamespace.createAnonymous();
                Nftables elsewhere = Nftables.open(other)) {
            inside.apply("add table inet mine");

            assertEquals("", elsewhere.listText("list tables"));
            assertEquals(
                    "table inet mine\n",
                    namespace.call(() -> TestNetwork.run("nft", "list", "tables")));
        }
    }

    @Test
    void a_machine_without_nftables_is_told_what_to_install() {
        NftablesSources nowhere = new NftablesSources(NO_LIBRARY, List.of(Path.of("/nowhere/nft")));

        NftablesUnavailableException unavailable =
                assertThrows(NftablesUnavailableException.class, () -> nowhere.open(namespace));

        assertEquals("install the package nftables", unavailable.fix());
    }

    @Test
    void a_nul_character_can_not_hide_the_rest_of_the_commands() {
        try (Nftables nftables = open("libnftables.so.1")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> nftables.apply("add table inet t\0; add table inet u"));
        }
    }

    @Test
    void a_foreign_change_is_told_with_its_process_and_ours_is_not() throws Exception {
        var changes = new LinkedBlockingQueue<RulesetChange>();
        try (Nftables nftables = open("libnftables.so.1");
                NftablesMonitor _ = namespace.call(() -> NftablesMonitor.open(changes::add))) {
            nftables.apply("add table inet ours");
            Process nft = TestNetwork.start(namespace, "nft", "add table inet theirs");
            assertEquals(0, nft.waitFor());
            nftables.apply("add table inet ours_again");
            Process second = TestNetwork.start(namespace, "nft", "delete table inet ours");
            assertEquals(0, second.waitFor());

            assertEquals(
                    new RulesetChange((int) nft.pid(), "nft"), changes.poll(10, TimeUnit.SECONDS));
            assertEquals(
                    new RulesetChange((int) second.pid(), "nft"),
                    changes.poll(10, TimeUnit.SECONDS));
        }
        assertEquals(List.of(), List.copyOf(changes));
    }

    @Test
    void a_closed_monitor_tells_nothing_more_and_a_failing_listener_is_told_again()
            throws Exception {
        var changes = new LinkedBlockingQueue<RulesetChange>();
        NftablesMonitor monitor =
                namespace.call(() ->
                        NftablesMonitor.open(change -> {
                            changes.add(change);
                            throw new IllegalStateException("thrown by the test");
                        }));
        for (int i = 0; i < 2; i++) {
            assertEquals(0, TestNetwork.start(namespace, "nft", "add table inet t" + i).waitFor());
            RulesetChange change = changes.poll(10, TimeUnit.SECONDS);
            assertEquals("nft", change == null ? "none" : change.processName());
        }
        monitor.close();
        monitor.close();

        assertEquals(0, TestNetwork.start(namespace, "nft", "add table inet u").waitFor());
        assertTrue(changes.isEmpty());
    }
}
