package dev.sameport.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// The kernel's settings under `/proc/sys`, by dotted names as of sysctl(8).
///
/// A dot inside a part, as in a VLAN interface's name, is written `/`:
/// `net.ipv4.conf.eth0/100.forwarding`. Those below `net` are the ones of the calling thread's
/// network namespace.
public final class Sysctl {
    private static final Path ROOT = Path.of("/proc/sys");

    /// Interface names may have nearly any character; a part of dots alone would climb out of the
    /// folder.
    private static final Pattern PART = Pattern.compile("(?![./]*$)[^\\s\\p{Cntrl}.]{1,64}");

    private Sysctl() {}

    /// A setting's value without the final newline; empty where this kernel has no such setting.
    ///
    /// @throws IllegalArgumentException when the name isn't a setting's
    /// @throws LinuxException when it can't be read
    public static Optional<String> read(String name) {
        try {
            return Optional.of(Files.readString(pathOf(name), StandardCharsets.ISO_8859_1).strip());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException failure) {
            throw new LinuxException(
                    "read sysctl " + name, Errno.EIO, String.valueOf(failure.getMessage()));
        }
    }

    /// Sets a setting, of this network namespace or of the machine.
    ///
    /// @throws IllegalArgumentException when the name isn't a setting's
    /// @throws LinuxException with ENOENT when this kernel has no such setting, EINVAL when it
    ///   refuses the value, EACCES or EROFS without the privilege
    public static void write(String name, String value) {
        String operation = "set sysctl " + name + "=" + value;
        byte[] bytes = (value + "\n").getBytes(StandardCharsets.ISO_8859_1);
        try (Descriptor file = open(operation, pathOf(name));
                Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            long _ =
                    LinuxException.orThrow(
                            operation,
                            // In one write, as the kernel wants it.
                            SystemCall.WRITE.callThroughSignals(
                                    file.number(), text.address(), bytes.length));
        }
    }

    private static Descriptor open(String operation, Path path) {
        try {
            return Descriptor.open(path.toString(), Descriptor.WRITE_ONLY);
        } catch (LinuxException failure) {
            throw new LinuxException(operation, failure.errno(), Errno.textOf(failure.errno()));
        }
    }

    private static Path pathOf(String name) {
        Path path = ROOT;
        for (String part : name.split("\\.", -1)) {
            if (!PART.matcher(part).matches()) {
                throw new IllegalArgumentException(
                        "sysctl \"%s\": \"%s\" is not a part of a name; write a dot in an interface's name as /"
                                .formatted(name, part));
            }
            path = path.resolve(part.replace('/', '.'));
        }
        return path;
    }
}
