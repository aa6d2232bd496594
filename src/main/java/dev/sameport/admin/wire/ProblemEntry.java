package dev.sameport.admin.wire;

import dev.sameport.model.Problem;
import java.util.List;

/// Something that a person should mend.
public record ProblemEntry(String where, String what, String fix) {
    /// The same as a record of the wire.
    public static ProblemEntry of(Problem problem) {
        return new ProblemEntry(problem.where(), problem.what(), problem.fix());
    }

    /// All of them.
    public static List<ProblemEntry> all(List<Problem> problems) {
        return problems.stream().map(ProblemEntry::of).toList();
    }
}
