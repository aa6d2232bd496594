package dev.sameport.cli;

import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EngineException;
import dev.sameport.engine.sandbox.Sandboxes;
import dev.sameport.provider.engine.EngineSockets;
import dev.sameport.provider.engine.EngineSockets.EngineSocket;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--engine`: whom a command asks directly, without the daemon.
final class EngineChoice {
    @Option(
            names = "--engine",
            paramLabel = "SOCKET",
            description =
                    "The engine, as unix:///PATH. Default: $DOCKER_HOST, $CONTAINER_HOST and the usual sockets of Docker and Podman, in this order.")
    @Nullable String engine;

    /// An engine that answers.
    record Answering(EngineClient client, Sandboxes sandboxes) {}

    /// The first that answers.
    ///
    /// @throws EngineException when none does
    Answering first() {
        return all(1).getFirst();
    }

    /// Each that answers.
    ///
    /// @throws EngineException when none does
    List<Answering> all() {
        return all(Integer.MAX_VALUE);
    }

    private List<Answering> all(int most) {
        List<Answering> answering = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (EngineSocket socket : sockets(System.getenv())) {
            if (answering.size() == most) {
                break;
            }
            if (!Files.exists(socket.path())) {
                silent.add("there is no " + socket.path());
                continue;
            }
            try {
                EngineClient client = new EngineClient(socket.path());
                answering.add(new Answering(client, new Sandboxes(client, client.negotiate())));
            } catch (EngineException e) {
                silent.add(String.valueOf(e.getMessage()));
            }
        }
        if (answering.isEmpty()) {
            throw new EngineException(
                    "no engine answers ("
                            + String.join("; ", silent)
                            + "); start Docker, or `podman system service`, or name its socket with --engine");
        }
        return answering;
    }

    private List<EngineSocket> sockets(Map<String, String> environment) {
        return EngineSockets.find(
                engine == null ? List.of() : List.of(engine), environment, Location.root());
    }
}
