package dev.sameport.journal;

import dev.sameport.linux.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Where a journal's changes were made; the first line of the file. Elsewhere they mean nothing: a
/// reboot undid them, and another namespace never had them.
///
/// @param boot the kernel's id of this boot
/// @param namespace the inode of the network namespace
record Origin(String boot, String namespace) {
    private static final Pattern PLAIN = Pattern.compile("[0-9a-z-]{1,64}");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /// That of a file whose first line says nothing.
    static final Origin UNKNOWN = new Origin("unknown", "unknown");

    Origin {
        if (!PLAIN.matcher(boot).matches() || !PLAIN.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "boot '" + boot + "' or namespace '" + namespace + "' is none");
        }
    }

    /// The calling thread's.
    static Origin here() {
        try (NetworkNamespace own = NetworkNamespace.own()) {
            return new Origin(Files.readString(BOOT).strip(), Long.toString(own.inode()));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + BOOT, e);
        }
    }

    String text() {
        return JournalLine.text(new TreeMap<>(Map.of("boot", boot, "namespace", namespace)));
    }

    /// Reads a line back.
    ///
    /// @throws IllegalArgumentException when it is not one
    static Origin parse(String line) {
        Map<String, String> fields = JournalLine.fields(line);
        return new Origin(fields.getOrDefault("boot", ""), fields.getOrDefault("namespace", ""));
    }
}
