package dev.sameport.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The capabilities in force for this process, as a bit set.
///
/// In a user namespace they hold only for what that namespace owns.
public record Capabilities(long effective) {
    private static final String FIELD = "CapEff:";

    /// Those of this process, from its main thread's status.
    public static Capabilities ofThisProcess() {
        try {
            return parse(Files.readString(Path.of("/proc/self/status"), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static Capabilities parse(String status) {
        return status.lines()
                .filter(line -> line.startsWith(FIELD))
                .map(line -> Long.parseUnsignedLong(line.substring(FIELD.length()).strip(), 16))
                .map(Capabilities::new)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a status without " + FIELD));
    }

    /// Tells whether a capability is in force.
    public boolean has(Capability capability) {
        return (effective >>> capability.bit() & 1) != 0;
    }

    /// Those of `needed` that are not in force.
    public List<Capability> missing(Capability... needed) {
        return Arrays.stream(needed).filter(capability -> !has(capability)).toList();
    }
}
