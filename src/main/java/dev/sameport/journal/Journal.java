package dev.sameport.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// The journal of a run directory: one line per change, tab-separated, forced to disk before the
/// change is made. A torn last line is a change that was not made.
public final class Journal {
    private static final String TAB = "\t";
    private final Path file;

    /// A change that has to be undone.
    public sealed interface Entry {
        /// A sysctl was set. @param former its value before
        record Setting(String name, String former) implements Entry {}

        /// A rule was put into a chain. @param program such as `iptables-nft`
        record Rule(String program, String chain, String rule) implements Entry {}

        /// An nftables table of ours came into being, such as `inet sameport_forward`.
        record Table(String name) implements Entry {}
    }

    public Journal(Path runDirectory) {
        this.file = runDirectory.resolve("journal");
    }

    /// Writes down a change that is about to be made; one that is there already is not written
    /// again.
    public synchronized void record(Entry entry) {
        if (entries().contains(entry)) {
            return;
        }
        byte[] line = (text(entry) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND)) {
            channel.write(ByteBuffer.wrap(line));
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }

    /// Everything that was written down, oldest first.
    public synchronized List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        try {
            String text = Files.readString(file);
            // What follows the last newline was torn by a crash.
            for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
                add(line, entries);
            }
            return entries;
        } catch (NoSuchFileException _) {
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    private static void add(String line, List<Entry> entries) {
        String[] words = line.split(TAB, -1);
        switch (words[0]) {
            case "sysctl" -> entries.add(new Entry.Setting(words[1], words[2]));
            case "rule" -> entries.add(new Entry.Rule(words[1], words[2], words[3]));
            case "table" -> entries.add(new Entry.Table(words[1]));
            default -> {
                // An empty file, or a line of a later version: nothing that this one could undo.
            }
        }
    }

    private static String text(Entry entry) {
        return switch (entry) {
            case Entry.Setting(String name, String former) ->
                    String.join(TAB, "sysctl", name, former);
            case Entry.Rule(String program, String chain, String rule) ->
                    String.join(TAB, "rule", program, chain, rule);
            case Entry.Table(String name) -> String.join(TAB, "table", name);
        };
    }
}
