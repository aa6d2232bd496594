package dev.sameport.provider.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.provider.engine.EngineSockets.EngineSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which sockets are followed.
class EngineSocketsTest {
    @TempDir private Path directory;

    private static List<Path> paths(List<EngineSocket> sockets) {
        return sockets.stream().map(EngineSocket::path).toList();
    }

    @Test
    void what_a_person_named_is_all_that_is_followed() {
        List<EngineSocket> sockets =
                EngineSockets.find(
                        List.of("unix:///x/docker.sock", "/x/podman.sock", "unix:///y/docker.sock"),
                        Map.of("DOCKER_HOST", "unix:///z.sock", "XDG_RUNTIME_DIR", "/x/run"),
                        true);
        assertEquals(
                List.of(
                        new EngineSocket("docker", Path.of("/x/docker.sock"), true),
                        new EngineSocket("podman", Path.of("/x/podman.sock"), true),
                        new EngineSocket("docker:/y/docker.sock", Path.of("/y/docker.sock"), true)),
                sockets);
    }

    @Test
    void root_follows_the_usual_ones_present_or_not() {
        List<EngineSocket> sockets = EngineSockets.find(List.of(), Map.of(), true);
        assertTrue(
                paths(sockets)
                        .containsAll(
                                List.of(
                                        Path.of("/run/docker.sock"),
                                        Path.of("/run/podman/podman.sock"))));
        assertTrue(sockets.stream().noneMatch(EngineSocket::explicit));
    }

    @Test
    void a_user_follows_their_own() {
        List<EngineSocket> sockets =
                EngineSockets.find(
                        List.of(), Map.of("XDG_RUNTIME_DIR", directory.toString()), false);
        assertTrue(
                sockets.stream()
                        .map(EngineSocket::path)
                        .toList()
                        .containsAll(
                                List.of(
                                        directory.resolve("podman/podman.sock"),
                                        directory.resolve("docker.sock"))));
    }

    @Test
    void the_environment_names_engines_too() {
        List<EngineSocket> sockets =
                EngineSockets.find(
                        List.of(),
                        Map.of(
                                "DOCKER_HOST", "unix:///x/d.sock",
                                "CONTAINER_HOST", "unix:///x/podman.sock"),
                        true);
        assertEquals(new EngineSocket("docker", Path.of("/x/d.sock"), true), sockets.getFirst());
        assertEquals(new EngineSocket("podman", Path.of("/x/podman.sock"), true), sockets.get(1));
    }

    @Test
    void an_engine_elsewhere_is_not_followed_for_its_name_in_the_environment() {
        List<EngineSocket> sockets =
                EngineSockets.find(List.of(), Map.of("DOCKER_HOST", "tcp://198.18.0.1:2375"), true);
        assertTrue(sockets.stream().noneMatch(EngineSocket::explicit));
    }

    @Test
    void one_file_by_two_names_is_one_engine() throws IOException {
        Path socket = Files.createFile(directory.resolve("docker.sock"));
        Path link = Files.createSymbolicLink(directory.resolve("link.sock"), socket);
        assertEquals(
                1,
                EngineSockets.find(
                                List.of(
                                        socket.toString(),
                                        "unix://" + link,
                                        directory + "/./docker.sock"),
                                Map.of(),
                                true)
                        .size());
        assertEquals(
                List.of(Path.of("/run/sp-none/docker.sock")),
                paths(
                        EngineSockets.find(
                                List.of("/var/run/sp-none/docker.sock", "/run/sp-none/docker.sock"),
                                Map.of(),
                                true)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://1.2.3.4:2375",
                "ssh://host",
                "docker.sock",
                "",
                "unix://x",
                "/a\u0000b"
            })
    void what_is_no_unix_socket_is_refused_with_its_value(String value) {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> EngineSockets.find(List.of(value), Map.of(), true));
        assertTrue(String.valueOf(e.getMessage()).contains(value), e.getMessage());
    }
}
