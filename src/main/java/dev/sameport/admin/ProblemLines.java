package dev.sameport.admin;

import dev.sameport.admin.Paint.Tone;
import dev.sameport.model.Problem;
import java.util.List;

/// Problems as lines for people: `! where: what; fix`.
final class ProblemLines {
    private ProblemLines() {}

    static void renderTo(StringBuilder text, List<Problem> problems, Paint paint) {
        for (Problem problem : problems) {
            text.append(paint.on(Tone.BAD, "!")).append(' ').append(line(problem)).append('\n');
        }
    }

    /// Each part is cut by itself, so that a long value never hides the fix.
    static String line(Problem problem) {
        return Printable.text(problem.where())
                + ": "
                + Printable.text(problem.what())
                + "; "
                + Printable.text(problem.fix());
    }
}
