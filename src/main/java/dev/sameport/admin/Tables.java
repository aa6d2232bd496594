package dev.sameport.admin;

import dev.sameport.admin.Explanation.Fact;
import dev.sameport.admin.Explanation.Section;
import dev.sameport.admin.Paint.Tone;
import dev.sameport.admin.Table.Cell;
import dev.sameport.admin.Table.Column;
import dev.sameport.model.Change;
import dev.sameport.model.Endpoint;
import dev.sameport.model.EndpointSpec;
import dev.sameport.model.Phase;
import dev.sameport.model.Problem;
import dev.sameport.model.Reach;
import dev.sameport.model.Sandbox;
import dev.sameport.model.Service;
import dev.sameport.model.ServicePort;
import dev.sameport.model.Snapshot;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// What the daemon shows to people. Pure.
final class Tables {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private Tables() {}

    /// `sameport ls`: one line per published port.
    static String services(Snapshot snapshot, Paint paint) {
        if (snapshot.services().isEmpty()) {
            return "Nothing is published yet.\n"
                    + "Give a container the label sameport.publish=80:8080, or try `sameport publish 80:8080 CONTAINER…`.\n"
                    + problems(snapshot.problems(), paint);
        }
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
        return table.text(paint) + problems(snapshot.problems(), paint);
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
            return "not ours: see below";
        }
        return switch (facts.port().intake()) {
            case HOLD -> "new connections wait for an endpoint";
            case REFUSE -> "new connections are refused: no endpoint";
            case SERVE ->
                    facts.lastResort() ? "none is ready: those that accept serve" : facts.reason();
        };
    }

    /// `sameport ps`: one line per endpoint.
    static String replicas(Snapshot snapshot, Paint paint) {
        Table table =
                new Table(
                        new Column("SERVICE", false),
                        new Column("REPLICA", false),
                        new Column("ENDPOINT", false),
                        new Column("PHASE", false),
                        new Column("WEIGHT", true),
                        new Column("CONNECTIONS", true),
                        new Column("BY", false));
        Placed.all(snapshot).forEach(placed -> row(table, snapshot, placed));
        return table.text(paint) + problems(snapshot.problems(), paint);
    }

    private static void row(Table table, Snapshot snapshot, Placed placed) {
        Endpoint endpoint = placed.endpoint();
        table.row(
                Cell.of(placed.service().name().value()),
                Cell.of(endpoint.spec().name()),
                Cell.of(endpoint.spec().addresses().toString()),
                new Cell(phase(endpoint), tone(endpoint.phase())),
                Cell.of(endpoint.spec().weight().value()),
                Cell.of(snapshot.connections().getOrDefault(endpoint.id(), 0L)),
                Cell.of(by(endpoint.spec())));
    }

    private static Tone tone(Phase phase) {
        return switch (phase) {
            case READY -> Tone.GOOD;
            case STARTING, PAUSED, DRAINING -> Tone.POOR;
            case UNHEALTHY, GONE -> Tone.BAD;
        };
    }

    private static String phase(Endpoint endpoint) {
        boolean unusual = endpoint.serving() && endpoint.phase() != Phase.READY;
        return word(endpoint.phase()) + (unusual ? " (serves)" : "");
    }

    /// `serve` of `SERVE`.
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /// How this host gets to an endpoint.
    static String by(EndpointSpec endpoint) {
        Sandbox sandbox = endpoint.sandbox();
        String by = by(endpoint.reach());
        if (sandbox == null) {
            return by;
        }
        return sandbox.owner() == null ? by : by + ", in " + sandbox.name();
    }

    private static String by(Reach reach) {
        return switch (reach) {
            case Reach.OnBridge(String bridge) -> bridge;
            case Reach.OnHost _ -> "host network";
            case Reach.ThroughPublished(var published) -> "published " + published.getPort();
            case Reach.Plain _ -> "address";
            case Reach.Unreachable(String reason) -> "unreachable: " + reason;
        };
    }

    /// One line per change, with the time of day where the daemon runs.
    static String change(Change change) {
        return change(change, ZoneId.systemDefault());
    }

    static String change(Change change, ZoneId zone) {
        return TIME.format(change.at().atZone(zone))
                + "  "
                + change.generation()
                + "  "
                + Printable.text(change.subject())
                + "  "
                + Printable.text(change.text())
                + "\n";
    }

    /// `! where: what` with the fix on a line of its own; empty where there is no problem.
    static String problems(List<Problem> problems, Paint paint) {
        StringBuilder text = new StringBuilder();
        for (Problem problem : problems) {
            text.append(text.isEmpty() ? "\n" : "")
                    .append(paint.on(Tone.BAD, "!"))
                    .append(' ')
                    .append(Printable.text(problem.where()))
                    .append(": ")
                    .append(Printable.text(problem.what()))
                    .append("\n    → ")
                    .append(Printable.text(problem.fix()))
                    .append('\n');
        }
        return text.toString();
    }

    /// `sameport explain`: a paragraph for each thing that the subject means.
    static String explanation(Explanation explanation, Paint paint) {
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
        String problems = problems(explanation.problems(), paint);
        return text.isEmpty() ? problems.stripLeading() : text + problems;
    }

    /// `sameport doctor`.
    static String checks(List<Check> checks, Paint paint) {
        StringBuilder text = new StringBuilder();
        for (Check check : checks) {
            text.append(mark(check.outcome(), paint))
                    .append(Printable.text(check.name()))
                    .append(": ")
                    .append(Printable.text(check.detail()))
                    .append('\n');
            if (!check.fix().isEmpty()) {
                text.append("      → ").append(Printable.text(check.fix())).append('\n');
            }
        }
        return text.toString();
    }

    private static String mark(Check.Outcome outcome, Paint paint) {
        return switch (outcome) {
            case OK -> paint.on(Tone.GOOD, "ok") + "    ";
            case WARN -> paint.on(Tone.POOR, "warn") + "  ";
            case FAIL -> paint.on(Tone.BAD, "FAIL") + "  ";
        };
    }
}
