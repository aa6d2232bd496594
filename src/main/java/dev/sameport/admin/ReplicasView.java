package dev.sameport.admin;

import dev.sameport.admin.Paint.Tone;
import dev.sameport.admin.Table.Cell;
import dev.sameport.admin.Table.Column;
import dev.sameport.admin.wire.ProblemEntry;
import dev.sameport.admin.wire.ReplicaList;
import dev.sameport.admin.wire.Wire;
import dev.sameport.model.Addresses;
import dev.sameport.model.Endpoint;
import dev.sameport.model.Phase;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Snapshot;

/// `ps`: a row for each endpoint.
final class ReplicasView {
    private ReplicasView() {}

    static String text(Snapshot snapshot, Paint paint) {
        Table table =
                new Table(
                        new Column("SERVICE", false),
                        new Column("REPLICA", false),
                        new Column("ENDPOINT", false),
                        new Column("PHASE", false),
                        new Column("WEIGHT", true),
                        new Column("CONNECTIONS", true),
                        new Column("VIA", false));
        Placed.all(snapshot).forEach(placed -> row(table, placed, snapshot));
        StringBuilder text = new StringBuilder();
        if (table.isEmpty()) {
            text.append("No replica yet: see `sameport ls` and `sameport doctor`.\n");
        } else {
            table.renderTo(text, paint);
        }
        ProblemLines.renderTo(text, snapshot.problems(), paint);
        return text.toString();
    }

    private static void row(Table table, Placed placed, Snapshot snapshot) {
        Endpoint endpoint = placed.endpoint();
        table.row(
                Cell.of(placed.service().name().value()),
                Cell.of(endpoint.spec().name()),
                Cell.of(endpoint.spec().addresses().toString()),
                new Cell(phase(endpoint), tone(endpoint.phase())),
                Cell.of(endpoint.spec().weight().value()),
                Cell.of(snapshot.connections().getOrDefault(endpoint.id(), 0L)),
                Cell.of(Words.via(endpoint.spec().reach())));
    }

    private static String phase(Endpoint endpoint) {
        boolean unusual = endpoint.serving() && endpoint.phase() != Phase.READY;
        return Words.of(endpoint.phase()) + (unusual ? ", serves" : "");
    }

    private static Tone tone(Phase phase) {
        return switch (phase) {
            case READY -> Tone.GOOD;
            case STARTING, PAUSED, DRAINING -> Tone.POOR;
            case UNHEALTHY, GONE -> Tone.BAD;
        };
    }

    static ReplicaList wire(Snapshot snapshot) {
        return new ReplicaList(
                Wire.VERSION,
                snapshot.generation(),
                snapshot.at().toString(),
                Placed.all(snapshot).stream().map(placed -> entry(placed, snapshot)).toList(),
                ProblemEntry.all(snapshot.problems()));
    }

    private static ReplicaList.Entry entry(Placed placed, Snapshot snapshot) {
        Endpoint endpoint = placed.endpoint();
        return new ReplicaList.Entry(
                placed.service().name().value(),
                endpoint.spec().name(),
                endpoint.id().replica().provider(),
                endpoint.id().replica().id(),
                endpoint.spec().addresses().all().stream().map(Addresses::text).toList(),
                placed.ports().stream().map(PublishedPort::text).toList(),
                Words.of(endpoint.phase()),
                endpoint.accepting(),
                endpoint.serving(),
                endpoint.natWorks(),
                endpoint.spec().weight().value(),
                snapshot.connections().getOrDefault(endpoint.id(), 0L),
                Words.via(endpoint.spec().reach()));
    }
}
