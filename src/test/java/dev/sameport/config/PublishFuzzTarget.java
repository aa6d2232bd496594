package dev.sameport.config;

import dev.sameport.model.Mapping;
import java.nio.charset.StandardCharsets;

/// `sameport.publish`: read or refused, and what was read is found again in its own words.
public final class PublishFuzzTarget {
    private PublishFuzzTarget() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            for (Mapping mapping :
                    PublishGrammar.parse(new String(input, StandardCharsets.UTF_8))) {
                String text = mapping.published().text();
                if (!PublishGrammar.published(text).equals(mapping.published())) {
                    throw new AssertionError(text + " is read as another port");
                }
            }
        } catch (IllegalArgumentException _) {
            // Refused, as it says.
        }
    }
}
