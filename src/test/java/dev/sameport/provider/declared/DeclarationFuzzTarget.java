package dev.sameport.provider.declared;

import dev.sameport.model.Declaration;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The file of published services: read or refused, and what was read is written so that it is read
/// again.
public final class DeclarationFuzzTarget {
    private DeclarationFuzzTarget() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            List<Declaration> read =
                    DeclarationFile.read("publish", new String(input, StandardCharsets.UTF_8));
            if (!DeclarationFile.read("publish", DeclarationFile.write(read)).equals(read)) {
                throw new AssertionError(read + " is read as another");
            }
        } catch (IllegalArgumentException _) {
            // Refused, as it says.
        }
    }
}
