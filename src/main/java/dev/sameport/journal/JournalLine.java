package dev.sameport.journal;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A line of the journal: an object of texts, such as `{"kind":"link","name":"sameport0"}`;
/// `"undone":"yes"` takes back the equal line before it.
///
/// @param undone whether the entry no longer has to be undone
record JournalLine(Entry entry, boolean undone) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String KIND = "kind";
    private static final String UNDONE = "undone";

    String text() {
        ObjectNode object = JSON.createObjectNode();
        switch (entry) {
            case Entry.Setting(String name, String former, String set) ->
                    object.put(KIND, "setting")
                            .put("name", name)
                            .put("former", former)
                            .put("set", set);
            case Entry.Rule(String program, String table, String chain, String rule) ->
                    object.put(KIND, "rule")
                            .put("program", program)
                            .put("table", table)
                            .put("chain", chain)
                            .put("rule", rule);
            case Entry.Table(String name) -> object.put(KIND, "table").put("name", name);
            case Entry.CausedTable(String name) ->
                    object.put(KIND, "caused-table").put("name", name);
            case Entry.CausedChain(String table, String chain) ->
                    object.put(KIND, "caused-chain").put("table", table).put("chain", chain);
            case Entry.Link(String name) -> object.put(KIND, "link").put("name", name);
            case Entry.Namespace(String name) -> object.put(KIND, "namespace").put("name", name);
        }
        if (undone) {
            object.put(UNDONE, "yes");
        }
        return JSON.writeValueAsString(object);
    }

    /// Reads a line back.
    ///
    /// @throws IllegalArgumentException when it is not an entry that this version can undo
    static JournalLine parse(String line) {
        Map<String, String> fields = fields(line);
        boolean undone = fields.remove(UNDONE) != null;
        Fields all = new Fields(fields);
        return new JournalLine(entry(all.take(KIND), all), undone);
    }

    private static Entry entry(String kind, Fields all) {
        return switch (kind) {
            case "setting" ->
                    new Entry.Setting(all.take("name"), all.take("former"), all.take("set"));
            case "rule" ->
                    new Entry.Rule(
                            all.take("program"),
                            all.take("table"),
                            all.take("chain"),
                            all.take("rule"));
            case "table" -> new Entry.Table(all.take("name"));
            case "caused-table" -> new Entry.CausedTable(all.take("name"));
            case "caused-chain" -> new Entry.CausedChain(all.take("table"), all.take("chain"));
            case "link" -> new Entry.Link(all.take("name"));
            case "namespace" -> new Entry.Namespace(all.take("name"));
            default -> throw new IllegalArgumentException("kind '" + kind + "' is unknown");
        };
    }

    /// The fields of an object of texts.
    static Map<String, String> fields(String line) {
        Map<String, String> fields = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : object(line).properties()) {
            if (!field.getValue().isString()) {
                throw new IllegalArgumentException("field " + field.getKey() + " is not a text");
            }
            fields.put(field.getKey(), field.getValue().stringValue());
        }
        return fields;
    }

    private static JsonNode object(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node == null || !node.isObject()) {
                throw new IllegalArgumentException("it is not an object");
            }
            return node;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// An object of texts as a line.
    static String text(Map<String, String> fields) {
        return JSON.writeValueAsString(fields);
    }

    private record Fields(Map<String, String> values) {
        String take(String name) {
            String value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("field " + name + " is missing");
            }
            return value;
        }
    }
}
