package dev.sameport.model;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The labels of a container or a declaration, sorted by key, unparsed.
public record Labels(SortedMap<String, String> values) {
    public static final Labels NONE = new Labels(new TreeMap<>());

    public Labels {
        values = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /// Labels from any map.
    public static Labels of(Map<String, String> values) {
        return new Labels(new TreeMap<>(values));
    }

    /// The value of `key`, or null where there is none.
    public @Nullable String get(String key) {
        return values.get(key);
    }
}
