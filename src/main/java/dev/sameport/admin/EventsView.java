package dev.sameport.admin;

import dev.sameport.admin.ChangeLog.Entry;
import dev.sameport.admin.Paint.Tone;
import dev.sameport.admin.wire.EventLine;
import dev.sameport.admin.wire.Wire;
import dev.sameport.model.Change;
import java.time.temporal.ChronoUnit;

/// `events`: a line for each change.
final class EventsView {
    private EventsView() {}

    /// A line for people, after one that says how many are missing before it.
    static String text(Entry entry, long lost, Paint paint) {
        Change change = entry.change();
        String missing =
                lost == 0
                        ? ""
                        : paint.on(Tone.BAD, "!")
                                + " "
                                + Words.count(lost, "event")
                                + " lost here: this reader was too slow\n";
        return missing
                + change.at().truncatedTo(ChronoUnit.MILLIS)
                + "  "
                + paint.on(Tone.HEAD, Printable.text(change.subject()))
                + "  "
                + Printable.text(change.text())
                + "\n";
    }

    static String json(Entry entry, long lost) {
        Change change = entry.change();
        return Wire.line(
                new EventLine(
                        Wire.VERSION,
                        entry.sequence(),
                        change.generation(),
                        change.at().toString(),
                        change.subject(),
                        change.text(),
                        lost));
    }
}
