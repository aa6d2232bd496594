package dev.sameport.journal;

import dev.sameport.linux.Nftables;
import dev.sameport.model.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The journal of a run directory: `journal.jsonl`, one JSON object per line, forced to disk before
/// the change that it tells of is made.
///
/// A torn last line is a change that was not made. What is in the file holds for one boot and one
/// network namespace (`Origin`). Any thread in that namespace may call; one process at a time
/// writes (the daemon's lock).
public final class Journal {
    /// The name of the file.
    public static final String FILE = "journal.jsonl";

    private final Path file;

    /// What a file says: what is still to be undone, lines that say nothing, and whether all that
    /// is another network namespace's.
    private record Content(List<Entry> entries, List<Problem> problems, boolean foreign) {}

    public Journal(Path runDirectory) {
        this.file = runDirectory.resolve(FILE);
    }

    /// Writes down a change that is about to be made; one that is there already is not written
    /// again, and of a setting the first former value holds.
    ///
    /// @throws UncheckedIOException when it can't be written; the change must not be made then
    public synchronized void record(Entry entry) {
        List<Entry> known = entries();
        Entry faithful = withFirstFormer(entry, known);
        if (!known.contains(faithful)) {
            append(new JournalLine(faithful, false));
        }
    }

    private static Entry withFirstFormer(Entry entry, List<Entry> known) {
        if (entry instanceof Entry.Setting(String name, _, String set)) {
            for (Entry other : known) {
                if (other instanceof Entry.Setting earlier && earlier.name().equals(name)) {
                    return new Entry.Setting(name, earlier.former(), set);
                }
            }
        }
        return entry;
    }

    /// Tells that an entry no longer has to be undone.
    public synchronized void forget(Entry entry) {
        if (entries().contains(entry)) {
            append(new JournalLine(entry, true));
        }
    }

    /// What has to be undone, oldest first.
    public synchronized List<Entry> entries() {
        return List.copyOf(read().entries());
    }

    /// Undoes everything, the latest first; what is gone already is fine.
    ///
    /// Removes the file, unless something could not be undone: that stays in it for another try.
    public List<Problem> undo() {
        return undo(_ -> true);
    }

    /// Undoes those entries that `which` picks.
    public synchronized List<Problem> undo(Predicate<Entry> which) {
        Content content = read();
        List<Problem> problems = new ArrayList<>(content.problems());
        List<Entry> picked = content.entries().reversed().stream().filter(which).toList();
        try (Undo undo = new Undo(Nftables::open)) {
            for (Entry entry : picked) {
                if (undo.tryToUndo(entry, problems)) {
                    append(new JournalLine(entry, true));
                }
            }
        }
        if (!content.foreign() && entries().isEmpty()) {
            remove();
        }
        return problems;
    }

    private void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove " + file, e);
        }
    }

    private void append(JournalLine line) {
        try {
            begin();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.position(cutTornLine(channel));
                write(channel, line.text());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + file, e);
        }
    }

    /// Begins a file where there is none of this boot and namespace; one of another namespace is
    /// set aside, because what it says may still be true there.
    private void begin() throws IOException {
        Origin here = Origin.here();
        List<String> lines = lines();
        Origin there = lines.isEmpty() ? null : originOf(lines.getFirst());
        if (here.equals(there)) {
            return;
        }
        if (there != null && (there.boot().equals(here.boot()) || there.equals(Origin.UNKNOWN))) {
            Path aside = file.resolveSibling(file.getFileName() + "." + there.namespace());
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        }
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, here.text());
        }
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true); // Else the file's name itself could be lost.
        }
    }

    private static void write(FileChannel channel, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    /// Cuts what follows the last newline, and returns where the file ends then.
    private long cutTornLine(FileChannel channel) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int end = all.length;
        while (end > 0 && all[end - 1] != '\n') {
            end--;
        }
        channel.truncate(end);
        return end;
    }

    private List<String> lines() throws IOException {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            // What follows the last newline was torn by a crash.
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
    }

    private static Origin originOf(String line) {
        try {
            return Origin.parse(line);
        } catch (IllegalArgumentException _) {
            return Origin.UNKNOWN;
        }
    }

    private Content read() {
        try {
            List<String> lines = lines();
            if (lines.isEmpty()) {
                return new Content(List.of(), List.of(), false);
            }
            Origin here = Origin.here();
            Origin there = originOf(lines.getFirst());
            if (!here.equals(there)) {
                return elsewhere(here, there);
            }
            return content(lines.subList(1, lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    private Content elsewhere(Origin here, Origin there) {
        if (!there.boot().equals(here.boot()) && !there.equals(Origin.UNKNOWN)) {
            // Nothing of what it says outlived the reboot.
            return new Content(List.of(), List.of(), false);
        }
        Problem problem =
                new Problem(
                        "journal " + file,
                        "it is of network namespace " + there.namespace() + ", not of this one",
                        "clean in that namespace; remove the file if there is no such namespace");
        return new Content(List.of(), List.of(problem), true);
    }

    private Content content(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (String text : lines) {
            try {
                JournalLine line = JournalLine.parse(text);
                if (line.undone()) {
                    entries.remove(line.entry());
                } else {
                    entries.add(line.entry());
                }
            } catch (IllegalArgumentException e) {
                problems.add(
                        new Problem(
                                "journal " + file,
                                "a line can't be read: " + e.getMessage(),
                                "undo by hand what it says: " + printable(text)));
            }
        }
        return new Content(entries, problems, false);
    }

    private static String printable(String text) {
        String safe = text.replaceAll("[^ -~]", "?");
        return safe.length() <= 200 ? safe : safe.substring(0, 200) + "…";
    }
}
