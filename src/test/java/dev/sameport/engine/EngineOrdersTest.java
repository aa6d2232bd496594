package dev.sameport.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.admin.Golden;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The calls that change something, against an engine that does as it is told, or refuses.
@Timeout(60)
class EngineOrdersTest {
    private static final NewContainer WEB =
            new NewContainer(
                    "sameport-web",
                    "sameport/pause",
                    Map.of("sameport.sandbox", "web"),
                    "front",
                    "unless-stopped");

    private final FakeEngine engine;
    private final EngineClient client;

    EngineOrdersTest(@TempDir Path directory) {
        engine = new FakeEngine(directory.resolve("engine.sock"));
        client = new EngineClient(engine.socket());
        engine.on(
                "/version",
                FakeEngine.json("{\"ApiVersion\":\"1.41\",\"Version\":\"20\",\"Arch\":\"amd64\"}"));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private static String words(EngineException e) {
        return String.valueOf(e.getMessage());
    }

    @Test
    void the_architecture_is_known_once_it_has_been_asked_for() {
        assertEquals("", client.architecture());
        client.negotiate();
        assertEquals("amd64", client.architecture());
    }

    @Test
    void a_container_is_made_as_the_golden_file_says() {
        client.negotiate();
        engine.on("/containers/create", FakeEngine.status(201, "{\"Id\":\"c0ffee\"}"));
        assertEquals("c0ffee", client.create(WEB));
        assertEquals(
                "c0ffee",
                client.create(new NewContainer("plain", "busybox", Map.of(), "", "always")));
        Golden.compare(
                "sandbox/create.txt",
                String.join("\n\n", engine.orders()).replace("\r", "") + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "409 | Conflict. The container name /sameport-web is already in use | true",
                "500 | creating container storage: the container name is already in use by 1 | true",
                "500 | no space left on device | false",
                "404 | No such image: sameport/pause:latest | false",
            })
    void a_refusal_carries_the_engines_words(int status, String message, boolean taken) {
        engine.on(
                "/containers/create",
                FakeEngine.status(
                        status,
                        "{\"cause\":\"c\",\"message\":\"" + message + "\",\"response\":1}"));
        EngineException refused = assertThrows(EngineException.class, () -> client.create(WEB));
        assertEquals(taken, refused.nameTaken());
        assertTrue(words(refused).endsWith(": status " + status + " " + message), words(refused));
        assertTrue(
                words(refused).contains("POST /containers/create?name=sameport-web"),
                words(refused));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"Id\":7}", "{\"Id\":\"../x\"}", "", "[]"})
    void a_new_container_without_a_proper_id_is_an_error(String answer) {
        engine.on("/containers/create", FakeEngine.status(201, answer));
        assertThrows(EngineException.class, () -> client.create(WEB));
    }

    @Test
    void a_container_is_started_stopped_and_removed() {
        engine.on("/containers/c0ffee/start", FakeEngine.status(204, ""));
        engine.on("/containers/c0ffee/restart", FakeEngine.status(204, ""));
        engine.on("/containers/c0ffee/stop", FakeEngine.status(304, ""));
        engine.on("/containers/c0ffee", FakeEngine.status(204, ""));
        client.start("c0ffee");
        engine.on("/containers/c0ffee/start", FakeEngine.status(304, ""));
        client.start("c0ffee");
        client.restart("c0ffee");
        assertTrue(client.remove("c0ffee"));
        assertFalse(client.remove("gone"));
        assertEquals(
                List.of(
                        "POST /containers/c0ffee/start",
                        "POST /containers/c0ffee/start",
                        "POST /containers/c0ffee/restart",
                        "POST /containers/c0ffee/stop",
                        "DELETE /containers/c0ffee",
                        "POST /containers/gone/stop"),
                engine.told());
    }

    @Test
    void what_can_not_be_done_says_why() {
        engine.on("/containers/c0ffee/start", FakeEngine.status(500, "no cgroup"));
        engine.on("/containers/c0ffee/restart", FakeEngine.status(500, "no disk"));
        engine.on("/containers/c0ffee/stop", FakeEngine.status(500, "stuck"));
        engine.on("/containers/c0ffee", FakeEngine.status(409, "removal is in progress"));
        Map<String, org.junit.jupiter.api.function.Executable> calls = new TreeMap<>();
        calls.put("no cgroup", () -> client.start("c0ffee"));
        calls.put("no disk", () -> client.restart("c0ffee"));
        calls.put("removal is in progress", () -> client.remove("c0ffee"));
        calls.forEach((reason, call) -> {
            EngineException refused = assertThrows(EngineException.class, call);
            assertTrue(words(refused).contains(reason), words(refused));
        });
    }

    @Test
    void an_image_is_sent_as_it_is_and_looked_for_by_name() {
        byte[] archive = new byte[20_000];
        for (int i = 0; i < archive.length; i++) {
            archive[i] = (byte) (i * 31);
        }
        engine.on(
                "/images/load",
                FakeEngine.json("{\"stream\":\"Loaded image: a/b:1\"}\r\n{\"stream\":\"\"}"));
        client.loadImage(archive);
        String order = engine.orders().getFirst();
        assertTrue(order.startsWith("POST /images/load?quiet=1 HTTP/1.1\r\n"), order);
        assertTrue(order.contains("\r\nContent-Type: application/x-tar\r\n"), order);
        assertEquals(
                new String(archive, java.nio.charset.StandardCharsets.ISO_8859_1),
                order.substring(order.indexOf("\r\n\r\n") + 4));
        assertFalse(client.hasImage("a/b:1"));
        engine.on("/images/a/b:1/json", FakeEngine.json("{}"));
        assertTrue(client.hasImage("a/b:1"));
        engine.on("/images/a/b:1/json", FakeEngine.status(500, "broken"));
        assertThrows(EngineException.class, () -> client.hasImage("a/b:1"));
        assertFalse(client.removeImage("a/b:1"));
        engine.on("/images/a/b:1", FakeEngine.json("[{\"Untagged\":\"a/b:1\"}]"));
        assertTrue(client.removeImage("a/b:1"));
    }

    @Test
    void an_error_in_the_middle_of_an_import_is_one() {
        engine.on(
                "/images/load",
                FakeEngine.json(
                        "{\"status\":\"Loading\"}\n{\"errorDetail\":{\"message\":\"x\"},\"error\":\"no space left\"}"));
        EngineException refused =
                assertThrows(EngineException.class, () -> client.loadImage(new byte[512]));
        assertTrue(words(refused).contains("no space left"), words(refused));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../containers", "a b", "a?x=1", "a\r\nHost: b", "-a", "a%2e"})
    void the_name_of_an_image_can_not_be_anything_else(String name) {
        assertThrows(EngineException.class, () -> client.hasImage(name));
        assertThrows(EngineException.class, () -> client.removeImage(name));
        assertEquals(List.of(), engine.asked());
    }
}
