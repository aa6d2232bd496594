package dev.sameport.daemon;

import java.nio.charset.StandardCharsets;

/// Lines of what was last seen: read or refused, and what was read is written so that it is read
/// again.
public final class ReplicaLineFuzzTarget {
    private ReplicaLineFuzzTarget() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            ReplicaLine line = ReplicaLine.parse(new String(input, StandardCharsets.UTF_8));
            if (!ReplicaLine.parse(line.text()).equals(line)) {
                throw new AssertionError(line + " is read as another");
            }
        } catch (IllegalArgumentException _) {
            // Refused, as it says.
        }
    }
}
