package dev.sameport.demo;

import java.util.Map;
import java.util.SortedMap;

/// Counts by name as bars of text. Pure.
final class BarChart {
    private static final int WIDTH = 40;

    private BarChart() {}

    /// One line per name: name, bar, count; the largest count fills the width.
    static String of(SortedMap<String, Integer> counts) {
        int longest = counts.keySet().stream().mapToInt(String::length).max().orElse(0);
        int most = counts.values().stream().mapToInt(Integer::intValue).max().orElse(1);
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, Integer> entry : counts.entrySet()) {
            int length = Math.max(1, (int) Math.round((double) WIDTH * entry.getValue() / most));
            lines.append("   ")
                    .append(entry.getKey())
                    .append(" ".repeat(longest - entry.getKey().length() + 2))
                    .append("█".repeat(length))
                    .append(' ')
                    .append(entry.getValue())
                    .append('\n');
        }
        return lines.toString();
    }
}
