package dev.sameport.plane.nat.forward;

import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers of nftables in JSON (libnftables-json(5)). Pure but for [#read].
record NftRules(List<JsonNode> objects) {
    private static final JsonMapper JSON = new JsonMapper();

    /// @param name of a chain; `hook` and `policy` are empty where it is no base chain
    record Chain(String table, String name, String hook, String policy) {
        String title() {
            return table + " " + name;
        }
    }

    static NftRules parse(String json) {
        List<JsonNode> objects = new ArrayList<>();
        for (JsonNode object : JSON.readTree(json).path("nftables").values()) {
            objects.add(object);
        }
        return new NftRules(objects);
    }

    /// What is listed; nothing where there is no such thing.
    static NftRules read(Nftables nft, String command) {
        try {
            return parse(nft.list(command));
        } catch (NftablesException _) {
            return new NftRules(List.of());
        }
    }

    List<Chain> chains() {
        return objects.stream()
                .map(object -> object.path("chain"))
                .filter(JsonNode::isObject)
                .map(chain ->
                        new Chain(
                                text(chain, "family") + " " + text(chain, "table"),
                                text(chain, "name"),
                                text(chain, "hook"),
                                text(chain, "policy")))
                .toList();
    }

    /// The expressions of each rule of a chain.
    List<JsonNode> rules(String chain) {
        return objects.stream()
                .map(object -> object.path("rule"))
                .filter(rule -> text(rule, "chain").equals(chain))
                .map(rule -> rule.path("expr"))
                .toList();
    }

    private static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isString() ? value.stringValue() : "";
    }
}
