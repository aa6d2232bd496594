package dev.sameport.admin;

import dev.sameport.admin.Paint.Tone;
import dev.sameport.admin.wire.CheckList;
import dev.sameport.admin.wire.Wire;
import java.util.List;

/// `doctor`: a line for each check, with the next step below it.
public final class ChecksView {
    private static final int LEVEL_WIDTH = 6;

    private ChecksView() {}

    /// The lines, coloured on request.
    public static String text(List<Check> checks, boolean coloured) {
        Paint paint = coloured ? Paint.COLOURED : Paint.PLAIN;
        StringBuilder text = new StringBuilder();
        for (Check check : checks) {
            String level = Words.of(check.level());
            text.append(paint.on(tone(check.level()), level))
                    .repeat(' ', LEVEL_WIDTH - level.length())
                    .append(Printable.text(check.name()))
                    .append(": ")
                    .append(Printable.text(check.found()))
                    .append('\n');
            if (!check.fix().isEmpty()) {
                text.repeat(' ', LEVEL_WIDTH)
                        .append("→ ")
                        .append(Printable.text(check.fix()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static Tone tone(Check.Level level) {
        return switch (level) {
            case OK -> Tone.GOOD;
            case WARN -> Tone.POOR;
            case FAIL -> Tone.BAD;
        };
    }

    /// The same as JSON.
    public static String json(List<Check> checks) {
        return Wire.page(
                new CheckList(
                        Wire.VERSION,
                        checks.stream()
                                .map(check ->
                                        new CheckList.Entry(
                                                check.name(),
                                                Words.of(check.level()),
                                                check.found(),
                                                check.fix()))
                                .toList()));
    }
}
