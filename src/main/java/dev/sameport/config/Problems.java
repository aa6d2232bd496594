package dev.sameport.config;

import dev.sameport.model.Problem;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// Collects problems: each once, sorted, whoever found them first.
final class Problems {
    private static final Comparator<Problem> ORDER =
            Comparator.comparing(Problem::where)
                    .thenComparing(Problem::what)
                    .thenComparing(Problem::fix);

    private final TreeSet<Problem> problems = new TreeSet<>(ORDER);

    void add(String where, String what, String fix) {
        problems.add(new Problem(where, what, fix));
    }

    void addAll(List<Problem> more) {
        problems.addAll(more);
    }

    List<Problem> sorted() {
        return List.copyOf(problems);
    }
}
