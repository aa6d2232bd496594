package dev.sameport.journal;

import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What nftables lists of a table or a chain.
final class Listing {
    private static final JsonMapper JSON = new JsonMapper();

    private Listing() {}

    /// Whether there is such a `table` (`ip filter`) or `chain` (`ip filter FORWARD`).
    static boolean has(Nftables nft, String kind, String name) {
        String[] words = name.split(" ");
        for (JsonNode object : objects(nft, "list " + kind + "s")) {
            JsonNode found = object.path(kind);
            if (found.path("family").asString("").equals(words[0])
                    && (kind.equals("table")
                            ? found.path("name").asString("").equals(words[1])
                            : found.path("table").asString("").equals(words[1])
                                    && found.path("name").asString("").equals(words[2]))) {
                return true;
            }
        }
        return false;
    }

    /// Whether nothing is in it, and nothing is dropped by it.
    ///
    /// @throws NftablesException when it is gone
    static boolean isEmpty(Nftables nft, String kind, String name) {
        for (JsonNode object : objects(nft, "list " + kind + " " + name)) {
            boolean known = object.has("metainfo") || object.has("table") || object.has(kind);
            if (!known || object.path(kind).path("policy").asString("accept").equals("drop")) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode objects(Nftables nft, String command) {
        return JSON.readTree(nft.list(command)).path("nftables");
    }
}
