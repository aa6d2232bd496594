package dev.sameport.bench;

import dev.sameport.engine.EventStream;
import dev.sameport.engine.FakeEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// An engine with any number of containers that are one process with many addresses, because a
/// thousand real ones would measure something else.
///
/// `StandInEngine SOCKET PID PREFIX COUNT:PORT…`: COUNT containers each for the published PORT,
/// whose addresses follow each other from PREFIX.4.1, 250 in each 256.
final class StandInEngine {
    private static final int ADDRESSES = 250;

    private StandInEngine() {}

    public static void main(String[] arguments) throws InterruptedException {
        FakeEngine engine = new FakeEngine(Path.of(arguments[0]));
        engine.on("/version", FakeEngine.json("{\"ApiVersion\":\"1.41\",\"Version\":\"1\"}"));
        engine.on(
                "/networks/bridge",
                FakeEngine.json(
                        "{\"Id\":\"bridge\",\"Name\":\"bridge\",\"Driver\":\"bridge\",\"Internal\":false}"));
        engine.on("/images/image/json", FakeEngine.json("{\"Config\":{\"Labels\":{}}}"));
        engine.on("/events", new EventStream());
        List<String> list = new ArrayList<>();
        for (String service : List.of(arguments).subList(3, arguments.length)) {
            String[] parts = service.split(":");
            for (int i = 0; i < Integer.parseInt(parts[0]); i++) {
                int number = list.size();
                String id = "%s-%d".formatted(parts[1], i);
                list.add("{\"Id\":\"" + id + "\"}");
                String address =
                        "%s.%d.%d"
                                .formatted(
                                        arguments[2],
                                        4 + number / ADDRESSES,
                                        1 + number % ADDRESSES);
                engine.on(
                        "/containers/" + id + "/json",
                        FakeEngine.json(container(id, parts[1], arguments[1], address)));
            }
        }
        engine.on("/containers/json", FakeEngine.json("[" + String.join(",", list) + "]"));
        new CountDownLatch(1).await();
    }

    private static String container(String id, String port, String pid, String address) {
        return """
        {"Id":"%1$s","Name":"/%1$s","Image":"image",
         "State":{"Status":"running","Pid":%3$s,"StartedAt":"2026-01-01T10:00:00Z"},
         "Config":{"Image":"app:1","Labels":{"sameport.publish":"%2$s:8080","sameport.service":"app-%2$s"}},
         "HostConfig":{"NetworkMode":"bridge"},
         "NetworkSettings":{"Ports":{},"Networks":
          {"bridge":{"NetworkID":"bridge","IPAddress":"%4$s","Gateway":"198.18.0.1"}}}}\
        """
                .formatted(id, port, pid, address);
    }
}
