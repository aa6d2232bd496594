package dev.sameport.journal;

import java.nio.charset.StandardCharsets;

/// Lines of a journal: read or refused, and what was read is written so that it is read again.
public final class JournalFuzzTarget {
    private JournalFuzzTarget() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            JournalLine line = JournalLine.parse(text);
            if (!JournalLine.parse(line.text()).equals(line)) {
                throw new AssertionError(line + " is read as another");
            }
        } catch (IllegalArgumentException _) {
            // Refused, as it says.
        }
        try {
            Origin origin = Origin.parse(text);
            if (!Origin.parse(origin.text()).equals(origin)) {
                throw new AssertionError(origin + " is read as another");
            }
        } catch (IllegalArgumentException _) {
            // Refused, as it says.
        }
    }
}
