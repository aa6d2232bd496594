package dev.sameport.admin;

import dev.sameport.admin.Paint.Tone;
import dev.sameport.admin.Table.Cell;
import dev.sameport.admin.Table.Column;
import dev.sameport.admin.wire.ProblemEntry;
import dev.sameport.admin.wire.ServiceList;
import dev.sameport.admin.wire.Wire;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.util.List;

/// `ls`: a row for each published port.
final class ServicesView {
    private ServicesView() {}

    static String text(Snapshot snapshot, Paint paint) {
        Table table =
                new Table(
                        new Column("SERVICE", false),
                        new Column("PORT", false),
                        new Column("PLANE", false),
                        new Column("READY", true),
                        new Column("CONNECTIONS", true),
                        new Column("NOTE", false));
        for (Service service : snapshot.services()) {
            for (ServicePort port : service.ports()) {
                row(table, service, PortFacts.of(snapshot, port));
            }
        }
        StringBuilder text = new StringBuilder();
        if (table.isEmpty()) {
            text.append(
                    "No service yet: label a container with sameport.publish=80:8080, or use `sameport publish` or `sameport run`.\n");
        } else {
            table.renderTo(text, paint);
        }
        ProblemLines.renderTo(text, snapshot.problems(), paint);
        return text.toString();
    }

    private static void row(Table table, Service service, PortFacts facts) {
        int all = facts.port().endpoints().size();
        table.row(
                Cell.of(service.name().value()),
                Cell.of(facts.port().published().text()),
                new Cell(facts.plane(), facts.plane().equals("none") ? Tone.BAD : Tone.PLAIN),
                new Cell(facts.ready() + "/" + all, tone(facts.ready(), all)),
                Cell.of(facts.connections()),
                Cell.of(note(facts)));
    }

    private static Tone tone(int ready, int all) {
        if (ready == 0) {
            return Tone.BAD;
        }
        return ready < all ? Tone.POOR : Tone.GOOD;
    }

    private static String note(PortFacts facts) {
        if (facts.conflicts()) {
            return "conflict";
        }
        return switch (facts.port().intake()) {
            case HOLD -> "new connections wait for an endpoint";
            case REFUSE -> "new connections are refused: no endpoint";
            case SERVE ->
                    facts.lastResort()
                            ? "none is ready; " + facts.serving() + " that accept serve"
                            : facts.reason();
        };
    }

    static ServiceList wire(Snapshot snapshot) {
        return new ServiceList(
                Wire.VERSION,
                snapshot.generation(),
                snapshot.at().toString(),
                snapshot.services().stream().map(service -> entry(snapshot, service)).toList(),
                ProblemEntry.all(snapshot.problems()));
    }

    private static ServiceList.Entry entry(Snapshot snapshot, Service service) {
        return new ServiceList.Entry(
                service.name().value(),
                service.ports().stream().map(port -> entry(PortFacts.of(snapshot, port))).toList());
    }

    private static ServiceList.Port entry(PortFacts facts) {
        PortStatus status = facts.status();
        return new ServiceList.Port(
                facts.port().published().text(),
                facts.plane(),
                facts.reason(),
                Words.of(facts.port().intake()),
                facts.ready(),
                facts.serving(),
                facts.port().endpoints().size(),
                facts.connections(),
                status == null || status.conflict() == null
                        ? List.of()
                        : List.of(ProblemEntry.of(status.conflict())));
    }
}
