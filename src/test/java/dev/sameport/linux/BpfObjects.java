package dev.sameport.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Programs, maps and attachments that the kernel has, by their ids.
public final class BpfObjects {
    private static final Pattern ID = Pattern.compile("^(prog|map|link)_id:\\s*(\\d+)$", 8);
    private static final int ATTRIBUTE_BYTES = 128;

    private BpfObjects() {}

    /// What is asked for the next id, by its number in `enum bpf_cmd`.
    private enum Kind {
        PROG(11),
        MAP(12),
        LINK(31);

        private final int next;

        Kind(int next) {
            this.next = next;
        }
    }

    /// Those that a process has open, such as `map 7`.
    public static Set<String> ofProcess(long pid) {
        Set<String> found = new TreeSet<>();
        try (DirectoryStream<Path> all =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/fdinfo"))) {
            for (Path one : all) {
                ID.matcher(read(one))
                        .results()
                        .forEach(id -> found.add(id.group(1) + " " + id.group(2)));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException _) {
            return ""; // It was closed meanwhile.
        }
    }

    /// Which of them there still are.
    public static Set<String> remaining(Set<String> objects) {
        return objects.stream()
                .filter(object -> {
                    String[] words = object.split(" ");
                    Kind kind = Kind.valueOf(words[0].toUpperCase(java.util.Locale.ROOT));
                    int id = Integer.parseInt(words[1]);
                    return next(kind, id - 1) == id;
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static int next(Kind kind, int after) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTE_BYTES, Long.BYTES);
            attributes.set(ValueLayout.JAVA_INT, 0, after);
            long result = SystemCall.BPF.call(kind.next, attributes.address(), ATTRIBUTE_BYTES);
            return result < 0 ? -1 : attributes.get(ValueLayout.JAVA_INT, Integer.BYTES);
        }
    }
}
