package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Map;

/// Whether counts look like equal shares.
final class ChiSquare {
    /// Critical values at p = 0.001 by degrees of freedom 1 … 9 (NIST/SEMATECH e-Handbook,
    /// 1.3.6.7.4).
    private static final double[] CRITICAL = {
        0, 10.828, 13.816, 16.266, 18.467, 20.515, 22.458, 24.322, 26.125, 27.877
    };

    private ChiSquare() {}

    static void assertEven(Map<String, Integer> counts, int parts) {
        assertTrue(
                counts.size() == parts
                        && counts.keySet().stream().noneMatch(k -> k.startsWith("!")),
                () -> "not " + parts + " parts: " + counts);
        double statistic = statistic(counts.values());
        assertTrue(
                statistic < CRITICAL[parts - 1],
                () -> "not even (chi-square " + statistic + "): " + counts);
    }

    static double statistic(Collection<Integer> counts) {
        double expected =
                counts.stream().mapToInt(Integer::intValue).sum() / (double) counts.size();
        return counts.stream()
                .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                .sum();
    }
}
