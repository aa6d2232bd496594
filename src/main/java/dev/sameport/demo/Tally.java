package dev.sameport.demo;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What became of a number of requests; safe for many threads.
final class Tally {
    private final TreeMap<String, Integer> answers = new TreeMap<>();
    private final TreeMap<String, Integer> failures = new TreeMap<>();

    synchronized void answered(String replica) {
        answers.merge(replica, 1, Integer::sum);
    }

    synchronized void failed(String how) {
        failures.merge(how, 1, Integer::sum);
    }

    synchronized SortedMap<String, Integer> answers() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(answers));
    }

    synchronized int total() {
        return sum(answers) + lost();
    }

    synchronized int lost() {
        return sum(failures);
    }

    /// `0 lost`, or `2 lost (1 reset, 1 timed out)`.
    synchronized String losses() {
        if (failures.isEmpty()) {
            return "0 lost";
        }
        StringBuilder text = new StringBuilder();
        failures.forEach((how, count) ->
                text.append(text.isEmpty() ? "" : ", ").append(count).append(' ').append(how));
        return lost() + " lost (" + text + ")";
    }

    private static int sum(java.util.Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
