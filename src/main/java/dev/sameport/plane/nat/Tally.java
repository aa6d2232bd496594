package dev.sameport.plane.nat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// New connections by endpoint. The kernel counts in map elements, and a flush takes the counts
/// away: what was read is added up here.
final class Tally {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    // guarded by this
    private final Map<InetSocketAddress, Long> before = new HashMap<>();
    private final Map<String, Map<InetSocketAddress, Long>> now = new HashMap<>();

    /// A map's counters, as just listed.
    synchronized void read(String map, Map<InetSocketAddress, Long> counts) {
        now.put(map, counts);
    }

    /// The map's counters were reset after the last reading.
    synchronized void flushed(String map) {
        Map<InetSocketAddress, Long> last = now.remove(map);
        if (last != null) {
            last.forEach((endpoint, count) -> before.merge(endpoint, count, Long::sum));
        }
    }

    /// Every map's counters were reset.
    synchronized void flushedAll() {
        for (String map : Map.copyOf(now).keySet()) {
            flushed(map);
        }
    }

    synchronized Map<InetSocketAddress, Long> total() {
        Map<InetSocketAddress, Long> total = new HashMap<>(before);
        now.values()
                .forEach(counts ->
                        counts.forEach(
                                (endpoint, count) -> total.merge(endpoint, count, Long::sum)));
        return total;
    }

    /// Counters by map name and endpoint, from `nft -j list` of the table or of one map
    /// (libnftables-json(5)).
    static Map<String, Map<InetSocketAddress, Long>> parse(String json) {
        Map<String, Map<InetSocketAddress, Long>> maps = new HashMap<>();
        try {
            for (JsonNode object : JSON.readTree(json).path("nftables").values()) {
                JsonNode map = object.path("map");
                if (map.path("map").isArray() || map.path("elem").isArray()) {
                    maps.put(map.path("name").asString(), elements(map.path("elem")));
                }
            }
            return maps;
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "nft's answer is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Map<InetSocketAddress, Long> elements(JsonNode elements) {
        Map<InetSocketAddress, Long> counts = new HashMap<>();
        for (JsonNode element : elements.values()) {
            JsonNode target = element.path(1).path("concat");
            JsonNode address = target.path(0);
            if (element.isArray() && address.isString() && target.path(1).isIntegralNumber()) {
                long packets =
                        element.path(0).path("elem").path("counter").path("packets").asLong(0);
                counts.merge(
                        new InetSocketAddress(
                                InetAddress.ofLiteral(address.stringValue()),
                                target.path(1).intValue()),
                        packets,
                        Long::sum);
            }
        }
        return counts;
    }
}
