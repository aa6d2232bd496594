package dev.sameport.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EngineException;
import dev.sameport.engine.FakeEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Making, finding and removing sandboxes, and what is left when something goes wrong.
@Timeout(60)
class SandboxesTest {
    private static final SandboxOrder WEB =
            new SandboxOrder("web", "", "", Map.of("sameport.publish", "80:8080"));
    private static final String MADE = "c0ffee";

    private final FakeEngine engine;
    private final EngineClient client;

    SandboxesTest(@TempDir Path directory) {
        engine = new FakeEngine(directory.resolve("engine.sock"));
        client = new EngineClient(engine.socket());
    }

    @BeforeEach
    void willing() {
        version("", "amd64");
        engine.on("/images/" + PauseImage.NAME + "/json", FakeEngine.json("{}"));
        engine.on("/images/" + PauseImage.VERSION + "/json", FakeEngine.json("{}"));
        engine.on("/images/load", FakeEngine.json("{\"stream\":\"Loaded\"}"));
        engine.on("/containers/create", FakeEngine.status(201, "{\"Id\":\"" + MADE + "\"}"));
        engine.on("/containers/c0ffee/start", FakeEngine.status(204, ""));
        engine.on("/containers/c0ffee/json", FakeEngine.json(sandbox("web", "running")));
        engine.on("/containers/c0ffee/stop", FakeEngine.status(204, ""));
        engine.on("/containers/c0ffee", FakeEngine.status(204, ""));
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private void version(String component, String architecture) {
        engine.on(
                "/version",
                FakeEngine.json(
                        "{\"ApiVersion\":\"1.41\",\"Arch\":\"%s\",\"Components\":[{\"Name\":\"%s\"}]}"
                                .formatted(architecture, component)));
    }

    private static String container(
            String id, String name, String status, String labels, String mode) {
        return """
        {"Id":"%s","Name":"/%s","Image":"sha256:1","State":{"Status":"%s","Pid":7},
         "Config":{"Image":"sameport/pause","Labels":%s},
         "HostConfig":{"NetworkMode":"%s"},
         "NetworkSettings":{"Networks":{"bridge":{"NetworkID":"n1","IPAddress":"198.18.0.2"}}}}
        """
                .formatted(id, name, status, labels, mode);
    }

    private static String sandbox(String name, String status) {
        return container(
                MADE,
                "sameport-" + name,
                status,
                "{\"sameport.sandbox\":\"%s\",\"sameport.publish\":\"80:8080\"}".formatted(name),
                "default");
    }

    private Sandboxes sandboxes() {
        return new Sandboxes(client, client.negotiate());
    }

    private String refused(SandboxOrder order) {
        Sandboxes sandboxes = sandboxes();
        return String.valueOf(
                assertThrows(EngineException.class, () -> sandboxes.create(order)).getMessage());
    }

    private void assertContains(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void it_is_made_and_started_and_told() {
        Sandbox made = sandboxes().create(WEB);
        assertEquals("web", made.name());
        assertEquals("sameport-web", made.container());
        assertEquals("198.18.0.2", String.valueOf(made.address()).substring(1));
        assertEquals(
                List.of("POST /containers/create", "POST /containers/c0ffee/start"), engine.told());
        assertContains(
                engine.orders().getFirst(),
                "\"sameport.sandbox\":\"web\"",
                "\"sameport.publish\":\"80:8080\"",
                "\"Image\":\"sameport/pause\"",
                "unless-stopped");
    }

    @Test
    void podman_brings_back_only_what_always_restarts() {
        version("Podman Engine", "amd64");
        sandboxes().create(WEB);
        assertContains(engine.orders().getFirst(), "{\"Name\":\"always\"}");
    }

    @Test
    void an_engine_without_the_image_gets_it_first() {
        engine.on("/images/" + PauseImage.VERSION + "/json", FakeEngine.status(404, "{}"));
        sandboxes().create(WEB);
        assertEquals("POST /images/load", engine.told().getFirst());
    }

    @Test
    void an_engine_of_another_architecture_is_refused_by_name() {
        version("", "s390x");
        engine.on("/images/" + PauseImage.VERSION + "/json", FakeEngine.status(404, "{}"));
        assertContains(refused(WEB), "'s390x'", "amd64 and arm64", "--image");
        assertEquals(List.of(), engine.told());
    }

    @Test
    void an_image_of_ones_own_has_to_be_there() {
        SandboxOrder order = new SandboxOrder("web", "my/pause:3", "", Map.of());
        assertContains(refused(order), "my/pause:3", "docker pull my/pause:3");
        assertEquals(List.of(), engine.told());
        engine.on("/images/my/pause:3/json", FakeEngine.json("{}"));
        sandboxes().create(order);
        assertContains(engine.orders().getFirst(), "\"Image\":\"my/pause:3\"");
    }

    @Test
    void a_taken_name_is_refused_and_the_one_that_has_it_left_alone() {
        engine.on("/containers/sameport-web/json", FakeEngine.json(sandbox("web", "running")));
        assertContains(refused(WEB), "the name is taken", "sameport sandbox rm web");
        engine.on(
                "/containers/sameport-web/json",
                FakeEngine.json(container("1", "sameport-web", "running", "{}", "default")));
        assertContains(refused(WEB), "the name is taken", "is no sandbox");
        assertEquals(List.of(), engine.told());
    }

    @Test
    void a_name_that_is_taken_in_the_same_moment_is_refused_too() {
        engine.on(
                "/containers/create",
                channel -> {
                    engine.on(
                            "/containers/sameport-web/json",
                            FakeEngine.json(sandbox("web", "created")));
                    FakeEngine.status(409, "Conflict").send(channel);
                });
        assertContains(refused(WEB), "the name is taken");
        assertEquals(List.of("POST /containers/create"), engine.told());
    }

    @Test
    void a_network_has_to_be_there_and_lead_somewhere() {
        SandboxOrder order = new SandboxOrder("web", "", "front", Map.of());
        assertContains(refused(order), "no network 'front'", "docker network ls");
        engine.on(
                "/networks/front",
                FakeEngine.json("{\"Id\":\"1\",\"Name\":\"front\",\"Internal\":true}"));
        assertContains(refused(order), "'front'", "internal");
        assertEquals(List.of(), engine.told());
        engine.on("/networks/front", FakeEngine.json("{\"Id\":\"1\",\"Name\":\"front\"}"));
        sandboxes().create(order);
        assertContains(engine.orders().getFirst(), "\"NetworkMode\":\"front\"");
    }

    @Test
    void one_that_does_not_start_is_removed() {
        engine.on("/containers/c0ffee/start", FakeEngine.status(500, "no address left"));
        assertContains(refused(WEB), "no address left", "nothing of it is left");
        assertEquals("DELETE /containers/c0ffee", engine.told().getLast());
    }

    @Test
    void one_whose_image_ends_at_once_is_removed() {
        engine.on("/containers/c0ffee/json", FakeEngine.json(sandbox("web", "restarting")));
        assertContains(refused(WEB), "restarting", "run for ever", "nothing of it is left");
        assertEquals("DELETE /containers/c0ffee", engine.told().getLast());
    }

    @Test
    void one_that_neither_starts_nor_goes_away_is_named() {
        engine.on("/containers/c0ffee/start", FakeEngine.status(500, "no address left"));
        engine.on("/containers/c0ffee", FakeEngine.status(500, "disk is full"));
        assertContains(
                refused(WEB), "no address left", "container sameport-web is left", "disk is full");
    }

    @Test
    void an_engine_that_goes_away_in_the_middle_leaves_nothing_unsaid() {
        engine.on("/containers/c0ffee/start", _ -> engine.close());
        assertContains(refused(WEB), "container sameport-web is left");
    }

    @Test
    void an_engine_that_goes_away_while_it_is_made_may_have_made_it() {
        engine.on("/containers/create", _ -> engine.close());
        assertContains(refused(WEB), "whether container sameport-web was made is not known");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-web", "a/b", "a:b", "web\n", "wéb", "a b"})
    void a_name_that_is_none_is_refused(String name) {
        assertThrows(
                IllegalArgumentException.class, () -> new SandboxOrder(name, "", "", Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "none"})
    void a_sandbox_needs_a_namespace_with_an_address(String network) {
        assertThrows(
                IllegalArgumentException.class, () -> new SandboxOrder("a", "", network, Map.of()));
    }

    @Test
    void the_list_tells_who_joined_and_passes_over_what_only_looks_like_one() {
        engine.on(
                "/containers/json",
                FakeEngine.json(
                        "[{\"Id\":\"c0ffee\"},{\"Id\":\"m2\"},{\"Id\":\"m1\"},{\"Id\":\"x\"},{\"Id\":\"gone\"}]"));
        engine.on(
                "/containers/m2/json",
                FakeEngine.json(container("m2", "b", "exited", "{}", "container:sameport-web")));
        engine.on(
                "/containers/m1/json",
                FakeEngine.json(container("m1", "a", "running", "{}", "container:c0ffee")));
        engine.on(
                "/containers/x/json",
                FakeEngine.json(
                        container(
                                "x",
                                "other",
                                "running",
                                "{\"sameport.sandbox\":\"web\"}",
                                "container:else")));
        List<Sandbox> all = sandboxes().list();
        assertEquals(1, all.size(), all::toString);
        assertEquals(
                List.of(
                        new Sandbox.Member("a", "m1", "running"),
                        new Sandbox.Member("b", "m2", "exited")),
                all.getFirst().members());
    }

    @Test
    void podman_keeps_one_that_has_members_and_nothing_is_stopped() {
        version("Podman Engine", "amd64");
        Sandbox web =
                new Sandbox(
                        "web",
                        "sameport-web",
                        MADE,
                        "running",
                        "sameport/pause",
                        null,
                        Map.of(),
                        List.of(new Sandbox.Member("a", "m1", "exited")));
        Sandboxes podman = sandboxes();
        EngineException refused = assertThrows(EngineException.class, () -> podman.remove(web));
        assertContains(String.valueOf(refused.getMessage()), "sandbox web", "podman rm -f a");
        assertEquals(List.of(), engine.told());
        version("", "amd64");
        sandboxes().remove(web);
        assertEquals("DELETE /containers/c0ffee", engine.told().getLast());
    }

    @Test
    void the_image_is_imported_once_and_removed_under_both_names() {
        client.negotiate();
        assertFalse(PauseImages.ensure(client));
        engine.on("/images/" + PauseImage.NAME + "/json", FakeEngine.status(404, "{}"));
        assertTrue(PauseImages.ensure(client));
        assertFalse(PauseImages.remove(client));
        engine.on("/images/" + PauseImage.NAME, FakeEngine.json("[]"));
        assertTrue(PauseImages.remove(client));
        assertEquals(1, engine.told().stream().filter("POST /images/load"::equals).count());
    }
}
