package dev.sameport.admin;

import dev.sameport.admin.Explanation.Fact;
import dev.sameport.admin.Explanation.Section;
import dev.sameport.admin.Paint.Tone;
import dev.sameport.admin.wire.ExplanationPage;
import dev.sameport.admin.wire.ProblemEntry;
import dev.sameport.admin.wire.Wire;

/// `explain`: a paragraph for each thing that the subject means.
final class ExplanationView {
    private ExplanationView() {}

    static String text(Explanation explanation, Paint paint) {
        StringBuilder text = new StringBuilder();
        for (Section section : explanation.sections()) {
            text.append(paint.on(Tone.HEAD, Printable.text(section.title()))).append('\n');
            int width =
                    section.facts().stream().mapToInt(fact -> fact.name().length()).max().orElse(0);
            for (Fact fact : section.facts()) {
                text.append("  ")
                        .append(fact.name())
                        .repeat(' ', width - fact.name().length() + 2)
                        .append(Printable.text(fact.text()))
                        .append('\n');
            }
        }
        ProblemLines.renderTo(text, explanation.problems(), paint);
        return text.toString();
    }

    static ExplanationPage wire(Explanation explanation) {
        return new ExplanationPage(
                Wire.VERSION,
                explanation.subject(),
                explanation.sections().stream().map(ExplanationView::section).toList(),
                ProblemEntry.all(explanation.problems()));
    }

    private static ExplanationPage.Section section(Section section) {
        return new ExplanationPage.Section(
                section.title(),
                section.facts().stream()
                        .map(fact -> new ExplanationPage.Fact(fact.name(), fact.text()))
                        .toList());
    }
}
