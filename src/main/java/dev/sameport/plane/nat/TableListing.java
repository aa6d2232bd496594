package dev.sameport.plane.nat;

import dev.sameport.model.Ports;
import dev.sameport.model.PublishedPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What nft's JSON listing of our table, or of one map of it, says (libnftables-json(5)).
///
/// Root may have changed the table: what doesn't look like ours is passed over.
///
/// @param ports the endpoints in each published port's maps
/// @param connections the counters of new connections, per endpoint
/// @param alive whether the rules dispatch, or have outlived their time
record TableListing(
        Map<PublishedPort, Set<InetSocketAddress>> ports,
        Map<InetSocketAddress, Long> connections,
        boolean alive) {
    /// No table.
    static final TableListing EMPTY = new TableListing(Map.of(), Map.of(), false);

    private static final JsonMapper MAPPER = new JsonMapper();

    /// Reads a listing.
    ///
    /// @throws IllegalArgumentException when it isn't JSON
    static TableListing parse(String json) {
        TableListing listing = new TableListing(new TreeMap<>(), new HashMap<>(), false);
        boolean alive = false;
        try {
            for (JsonNode object : MAPPER.readTree(json).path("nftables")) {
                PortName.ofMap(object.path("map").path("name").asString(""))
                        .ifPresent(published -> listing.add(published, object.path("map")));
                JsonNode set = object.path("set");
                alive |=
                        set.path("name").asString("").equals("alive")
                                && !set.path("elem").isEmpty();
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "nft's listing is not JSON: " + e.getOriginalMessage(), e);
        }
        return new TableListing(listing.ports, listing.connections, alive);
    }

    private void add(PublishedPort published, JsonNode map) {
        for (JsonNode element : map.path("elem")) {
            endpoint(element.path(1).path("concat"))
                    .ifPresent(endpoint -> {
                        ports.computeIfAbsent(published, _ -> new HashSet<>()).add(endpoint);
                        JsonNode packets =
                                element.path(0).path("elem").path("counter").path("packets");
                        connections.merge(endpoint, packets.asLong(0), Long::sum);
                    });
        }
    }

    private static Optional<InetSocketAddress> endpoint(JsonNode concat) {
        int port = concat.path(1).asInt(0);
        if (port < Ports.MIN || port > Ports.MAX) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.ofLiteral(concat.path(0).asString(""));
            return Optional.of(new InetSocketAddress(address, port));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
