package dev.sameport.cli;

import dev.sameport.admin.Paint;
import dev.sameport.admin.Paint.Tone;
import dev.sameport.admin.Table;
import dev.sameport.admin.Table.Cell;
import dev.sameport.admin.Table.Column;
import dev.sameport.admin.wire.Wire;
import dev.sameport.config.SameportLabels;
import dev.sameport.engine.sandbox.Sandbox;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What `sandbox ls` shows. Pure.
final class SandboxListing {
    private static final String RUNNING = "running";

    private SandboxListing() {}

    /// A sandbox, and in which engine.
    record Found(String engine, Sandbox sandbox) {}

    /// The whole document.
    record Document(int version, List<SandboxJson> sandboxes) {}

    /// A sandbox. @param address null where it has none
    record SandboxJson(
            String name,
            String engine,
            String container,
            String id,
            String status,
            String image,
            @Nullable String address,
            Map<String, String> labels,
            List<Sandbox.Member> members) {}

    static String json(List<Found> found) {
        List<SandboxJson> sandboxes = found.stream().map(SandboxListing::json).toList();
        return JsonMapper.builder()
                        .build()
                        .writeValueAsString(new Document(Wire.VERSION, sandboxes))
                + "\n";
    }

    private static SandboxJson json(Found found) {
        Sandbox sandbox = found.sandbox();
        return new SandboxJson(
                sandbox.name(),
                found.engine(),
                sandbox.container(),
                sandbox.id(),
                sandbox.status(),
                sandbox.image(),
                sandbox.address() == null ? null : sandbox.address().getHostAddress(),
                new java.util.TreeMap<>(sandbox.labels()),
                sandbox.members());
    }

    static String text(List<Found> found, Paint paint) {
        if (found.isEmpty()) {
            return "There is no sandbox.\nMake one with `sameport sandbox create NAME -p 80:8080`.\n";
        }
        Table table =
                new Table(
                        new Column("SANDBOX", false),
                        new Column("PUBLISH", false),
                        new Column("STATUS", false),
                        new Column("ADDRESS", false),
                        new Column("MEMBERS", true),
                        new Column("", false),
                        new Column("ENGINE", false));
        found.forEach(each -> row(table, each));
        return table.text(paint);
    }

    private static void row(Table table, Found found) {
        Sandbox sandbox = found.sandbox();
        table.row(
                Cell.of(sandbox.name()),
                Cell.of(sandbox.labels().getOrDefault(SameportLabels.PUBLISH, "")),
                new Cell(sandbox.status(), sandbox.status().equals(RUNNING) ? Tone.GOOD : Tone.BAD),
                Cell.of(sandbox.address() == null ? "" : sandbox.address().getHostAddress()),
                Cell.of(sandbox.members().size()),
                Cell.of(members(sandbox)),
                Cell.of(found.engine()));
    }

    private static String members(Sandbox sandbox) {
        return sandbox.members().stream()
                .map(member ->
                        member.status().equals(RUNNING)
                                ? member.name()
                                : member.name() + " (" + member.status() + ")")
                .collect(Collectors.joining(", "));
    }
}
