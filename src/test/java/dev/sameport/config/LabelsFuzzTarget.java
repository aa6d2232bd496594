package dev.sameport.config;

import dev.sameport.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// Labels, one `key=value` a line: never an exception, and every label that is off has a problem.
public final class LabelsFuzzTarget {
    private LabelsFuzzTarget() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        TreeMap<String, String> labels = new TreeMap<>();
        for (String line : new String(input, StandardCharsets.UTF_8).split("\n", -1)) {
            int equals = Math.max(0, line.indexOf('='));
            labels.put("sameport." + line.substring(0, equals), line.substring(equals));
        }
        Reading first = SameportLabels.read("fuzz", new Labels(labels));
        Reading second = SameportLabels.read("fuzz", new Labels(labels));
        if (!first.equals(second)) {
            throw new AssertionError("the same labels are read in two ways: " + labels);
        }
        if (first.problems().size() < first.invalid().size()) {
            throw new AssertionError("invalid without a problem: " + first.invalid());
        }
    }
}
