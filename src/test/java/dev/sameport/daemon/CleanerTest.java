package dev.sameport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.journal.Entry;
import dev.sameport.journal.Journal;
import dev.sameport.linux.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In a network namespace of its own.
final class CleanerTest {
    private final NetworkNamespace namespace = NetworkNamespace.createAnonymous();
    @TempDir Path directory;

    @AfterEach
    void close() {
        namespace.close();
    }

    private Cleaner clean() {
        Cleaner cleaner =
                new Cleaner(
                        directory.resolve("run"), directory.resolve("state"), java.util.Set.of());
        var _ = namespace.call(() -> cleaner.clean(false));
        return cleaner;
    }

    private Path journal() {
        return directory.resolve("run").resolve(Journal.FILE);
    }

    @Test
    void where_nothing_was_started_nothing_is_left() {
        assertTrue(clean().complete());
        assertFalse(Files.exists(directory.resolve("run")));
    }

    @Test
    void what_the_journal_tells_is_undone_and_the_run_directory_goes() throws Exception {
        namespace.call(() -> {
            Journal journal = new Journal(directory.resolve("run"));
            journal.record(new Entry.Setting("net.ipv4.ip_forward", "0", "1"));
            Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
            return 0;
        });

        assertTrue(clean().complete());

        String forwarding =
                namespace.call(
                        () -> Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip());
        assertEquals("0", forwarding);
        assertFalse(Files.exists(directory.resolve("run")));
    }

    @Test
    void a_journal_of_another_namespace_stays_and_is_told_of() throws Exception {
        try (NetworkNamespace other = NetworkNamespace.createAnonymous()) {
            other.call(() -> {
                new Journal(directory.resolve("run"))
                        .record(new Entry.Setting("net.ipv4.ip_forward", "0", "1"));
                return 0;
            });
        }
        Files.writeString(directory.resolve("run/ledger"), "");

        assertFalse(clean().complete());

        assertTrue(Files.exists(journal()));
        assertFalse(Files.exists(directory.resolve("run/ledger")));
    }

    @Test
    void a_journal_whose_first_line_says_nothing_stays() throws Exception {
        Files.createDirectory(directory.resolve("run"));
        Files.writeString(journal(), "garbage\n");

        assertFalse(clean().complete());

        assertTrue(Files.exists(journal()));
    }

    @Test
    void an_engine_with_sandboxes_that_does_not_answer_is_told_of() throws Exception {
        Path run = Files.createDirectory(directory.resolve("run"));
        EngineRemains.note(run, directory.resolve("gone.sock"));
        EngineRemains.note(run, directory.resolve("gone.sock"));
        Cleaner cleaner = new Cleaner(run, directory.resolve("state"), java.util.Set.of());
        String told = namespace.call(() -> cleaner.clean(false));
        assertEquals(2, told.split("Sandboxes may be left", -1).length, told);
        assertTrue(told.contains("gone.sock"), told);
        assertFalse(cleaner.complete());
    }
}
