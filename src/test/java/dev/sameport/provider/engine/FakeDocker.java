package dev.sameport.provider.engine;

import dev.sameport.engine.EventStream;
import dev.sameport.engine.FakeEngine;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A fake engine with containers in it that a test adds, changes and spoils.
final class FakeDocker implements AutoCloseable {
    static final String NETWORK = "front-id";

    final FakeEngine engine;
    final EventStream events;
    private final TreeMap<String, String> containers = new TreeMap<>();

    FakeDocker(Path socket) {
        this(socket, new EventStream());
    }

    FakeDocker(Path socket, EventStream events) {
        this.events = events;
        this.engine = new FakeEngine(socket);
        engine.on("/version", FakeEngine.json("{\"ApiVersion\":\"1.41\",\"Version\":\"1\"}"));
        engine.on("/networks/" + NETWORK, network(NETWORK, "front", false));
        engine.on("/images/image/json", FakeEngine.json("{\"Config\":{\"Labels\":{}}}"));
        engine.on("/events", events);
        list();
    }

    static FakeEngine.Reply network(String id, String name, boolean internal) {
        return FakeEngine.json(
                "{\"Id\":\"%s\",\"Name\":\"%s\",\"Driver\":\"bridge\",\"Internal\":%b}"
                        .formatted(id, name, internal));
    }

    /// The list as it should be.
    void list() {
        engine.on("/containers/json", channel -> listed().send(channel));
    }

    synchronized FakeEngine.Reply listed() {
        return FakeEngine.json(
                containers.keySet().stream()
                        .map("{\"Id\":\"%s\"}"::formatted)
                        .collect(Collectors.joining(",", "[", "]")));
    }

    /// A container that runs, without an event.
    synchronized void running(String id, Map<String, String> labels) {
        put(id, running(id, labels, "", NETWORK));
    }

    void running(String id) {
        running(id, Map.of());
    }

    /// Any container, without an event.
    synchronized void put(String id, String json) {
        containers.put(id, json);
        engine.on("/containers/" + id + "/json", FakeEngine.json(json));
    }

    synchronized void remove(String id) {
        containers.remove(id);
        engine.on("/containers/" + id + "/json", FakeEngine.status(404, "{}"));
    }

    /// Asked about it, the engine says this.
    void spoil(String id, FakeEngine.Reply reply) {
        engine.on("/containers/" + id + "/json", reply);
    }

    static String running(
            String id, Map<String, String> labels, String stopSignal, String network) {
        String text =
                labels.entrySet().stream()
                        .map(label -> "\"%s\":\"%s\"".formatted(label.getKey(), label.getValue()))
                        .collect(Collectors.joining(","));
        return """
        {"Id":"%1$s","Name":"/%1$s","Image":"image",
         "State":{"Status":"running","Pid":77,"StartedAt":"2026-11-23T10:00:00Z"},
         "Config":{"Image":"app:1","Labels":{%2$s},"StopSignal":"%3$s"},
         "HostConfig":{"NetworkMode":"front"},
         "NetworkSettings":{"Ports":{},"Networks":
          {"front":{"NetworkID":"%4$s","IPAddress":"198.18.0.2","Gateway":"198.18.0.1"}}}}\
        """
                .formatted(id, text, stopSignal, network);
    }

    static String exited(String id) {
        return """
        {"Id":"%1$s","Name":"/%1$s","Image":"image","State":{"Status":"exited","Pid":0},
         "Config":{"Image":"app:1"}}\
        """
                .formatted(id);
    }

    void event(String action, String id) {
        event(action, id, Map.of());
    }

    void event(String action, String id, Map<String, String> attributes) {
        event("container", action, id, attributes);
    }

    void event(String type, String action, String id, Map<String, String> attributes) {
        events.say(
                "{\"Type\":\"%s\",\"Action\":\"%s\",\"Actor\":{\"ID\":\"%s\",\"Attributes\":{%s}},\"timeNano\":1795453196200382293}\n"
                        .formatted(
                                type,
                                action,
                                id,
                                attributes.entrySet().stream()
                                        .map(e ->
                                                "\"%s\":\"%s\"".formatted(e.getKey(), e.getValue()))
                                        .collect(Collectors.joining(","))));
    }

    @Override
    public void close() {
        engine.close();
    }
}
