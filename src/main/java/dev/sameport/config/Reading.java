package dev.sameport.config;

import dev.sameport.model.Mapping;
import dev.sameport.model.Problem;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/// One set of labels, read.
///
/// @param settings what the valid ones say
/// @param published every mapping of a valid `sameport.publish`, those that this build can't serve
///   included
/// @param valid the own labels that were understood, as written
/// @param meanings the same by meaning: equal text exactly where they say the same
/// @param invalid the keys of those that are known but have a bad value
/// @param problems what a person should mend
public record Reading(
        Settings settings,
        List<Mapping> published,
        SortedMap<String, String> valid,
        SortedMap<String, String> meanings,
        SortedSet<String> invalid,
        List<Problem> problems) {
    public Reading {
        published = List.copyOf(published);
        problems = List.copyOf(problems);
    }

    /// Whether the label is there, well or badly written.
    boolean says(String key) {
        return valid.containsKey(key) || invalid.contains(key);
    }
}
