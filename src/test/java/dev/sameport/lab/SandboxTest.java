package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.linux.CommandException;
import dev.sameport.linux.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Sandboxes in real engines, without a daemon: the image, the container, who joins it, and its
/// end.
@LabTest
class SandboxTest {
    private static final Lab LAB = Lab.get();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /// An engine of the lab, by its own command line.
    enum Engine {
        DOCKER,
        PODMAN;

        String run(String... words) {
            return switch (this) {
                case DOCKER -> LAB.docker(words);
                case PODMAN -> LAB.podman(words);
            };
        }

        String socket() {
            return switch (this) {
                case DOCKER -> LAB.dockerHost();
                case PODMAN -> "unix://" + LAB.directory + "/podman.sock";
            };
        }

        /// Runs a sandbox command on this engine; its output.
        String sandbox(String... words) {
            List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + LAB.host));
            command.addAll(DaemonProcess.java("-XX:TieredStopAtLevel=1"));
            command.addAll(List.of("sandbox", words[0], "--engine", socket()));
            command.addAll(Arrays.asList(words).subList(1, words.length));
            return Commands.run(command, "", TIMEOUT).output();
        }

        /// One that has to fail; what it wrote on standard error.
        String refused(String... words) {
            try {
                throw new AssertionError("was not refused: " + sandbox(words));
            } catch (CommandException refused) {
                return refused.errors();
            }
        }

        /// What the engine tells of a container.
        String told(String container, String format) {
            return run("inspect", "-f", format, container);
        }

        List<String> containers() {
            return Lab.lines(run("ps", "-aq"));
        }

        Path process(String container) {
            return Path.of("/proc", told(container, "{{.State.Pid}}"));
        }
    }

    @BeforeAll
    static void busybox() {
        Path archive = Path.of("target/images/busybox.tar").toAbsolutePath();
        LAB.podman("import", archive.toString(), Lab.BUSYBOX);
    }

    @BeforeEach
    @AfterEach
    void reset() {
        LAB.reset();
    }

    @AfterAll
    static void images() {
        for (Engine engine : Engine.values()) {
            engine.sandbox("image", "--remove");
        }
    }

    private static Path executable(Engine engine, String container) {
        try {
            return Files.readSymbolicLink(engine.process(container).resolve("exe"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String network(Engine engine, String container) {
        try {
            return Files.readSymbolicLink(engine.process(container).resolve("ns/net")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(Engine engine, String name, int port) {
        engine.run(
                "run",
                "-d",
                "--name",
                name,
                "--network",
                "container:sameport-web",
                Lab.BUSYBOX,
                "sh",
                "-c",
                "echo " + name + " > /www/index.html; exec httpd -f -p " + port + " -h /www");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void the_image_is_known_without_a_registry_and_goes_again(Engine engine) {
        engine.sandbox("image", "--remove");
        assertTrue(engine.sandbox("image").contains("is imported into"));
        assertTrue(engine.sandbox("image").contains("was already in"));
        engine.run("create", "--name", "by-its-own-command", "sameport/pause");
        // As compose asks: over the Docker-compatible API. The lab has no way out to a registry.
        LAB.onHost(
                "docker",
                "-H",
                engine.socket(),
                "create",
                "--name",
                "by-the-api",
                "sameport/pause");
        engine.run("rm", "by-its-own-command", "by-the-api");
        assertTrue(engine.sandbox("image", "--remove").contains("is removed from"));
        assertEquals("", engine.run("images", "-q", "--filter", "reference=*sameport/pause*"));
        assertEquals("", engine.run("images", "-q", "--filter", "dangling=true"));
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void a_sandbox_runs_our_program_with_nothing_allowed_and_ends_at_once(Engine engine)
            throws IOException {
        String made = engine.sandbox("create", "web", "-p", "80:8080", "--drain", "10s");
        String command = engine.name().toLowerCase(java.util.Locale.ROOT);
        assertTrue(made.contains(command + " run -d --network container:sameport-web IMAGE"), made);
        assertTrue(made.contains("start `sameport serve`"), made);
        assertEquals(Path.of("/pause"), executable(engine, "sameport-web"));
        String status = Files.readString(engine.process("sameport-web").resolve("status"));
        for (String line :
                List.of(
                        "CapEff:\t0000000000000000",
                        "CapBnd:\t0000000000000000",
                        "NoNewPrivs:\t1")) {
            assertTrue(status.contains(line), status);
        }
        assertEquals("true", engine.told("sameport-web", "{{.HostConfig.ReadonlyRootfs}}"));
        String labels = engine.told("sameport-web", "{{json .Config.Labels}}");
        for (String label :
                List.of(
                        "\"sameport.mode\":\"reuseport\"",
                        "\"sameport.publish\":\"80:8080\"",
                        "\"sameport.sandbox\":\"web\"",
                        "\"sameport.service\":\"web\"",
                        "\"sameport.drain\":\"10s\"")) {
            assertTrue(labels.contains(label), labels);
        }
        engine.run("stop", "-t", "60", "sameport-web");
        assertEquals("0", engine.told("sameport-web", "{{.State.ExitCode}}"));
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void replicas_join_it_are_listed_and_it_goes_when_asked(Engine engine) throws Exception {
        engine.sandbox("create", "web", "-p", "80:8080");
        join(engine, "app-1", 8080);
        join(engine, "app-2", 8081);
        assertEquals(network(engine, "sameport-web"), network(engine, "app-1"));
        String address = engine.told("sameport-web", "{{.NetworkSettings.IPAddress}}");
        for (int i = 1; i <= 2; i++) {
            InetSocketAddress port = new InetSocketAddress(address, 8079 + i);
            String name = "app-" + i;
            Lab.await(
                    name + " answers",
                    () -> {
                        try {
                            return LAB.asHost(() -> Load.request(port, "/", 3_000)).contains(name);
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    });
        }
        String listed = engine.sandbox("ls");
        assertTrue(listed.contains("2  app-1, app-2"), listed);
        assertTrue(listed.contains("web      80:8080  running  " + address), listed);
        String json = engine.sandbox("ls", "--json");
        assertTrue(json.contains("\"name\":\"app-2\""), json);
        switch (engine) {
            case DOCKER -> {
                String removed = engine.sandbox("rm", "web");
                assertTrue(removed.contains("Left without a network: app-1, app-2."), removed);
                assertEquals(2, engine.containers().size());
            }
            case PODMAN -> {
                String refused = engine.refused("rm", "web");
                assertTrue(refused.contains("`podman rm -f app-1 app-2`"), refused);
                assertEquals("running", engine.told("sameport-web", "{{.State.Status}}"));
                engine.run("rm", "-f", "-t", "0", "app-1", "app-2");
                engine.sandbox("rm", "web");
                assertEquals(List.of(), engine.containers());
            }
        }
        assertTrue(engine.sandbox("ls").contains("There is no sandbox."));
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void a_taken_name_is_refused_and_its_holder_left_alone(Engine engine) {
        engine.sandbox("create", "web", "-p", "80:8080");
        String before = engine.told("sameport-web", "{{.Id}} {{.State.Pid}}");
        String refused = engine.refused("create", "web", "-p", "81:8080");
        assertTrue(refused.contains("the name is taken"), refused);
        assertTrue(refused.contains("sameport sandbox rm web"), refused);
        assertEquals(before, engine.told("sameport-web", "{{.Id}} {{.State.Pid}}"));
        assertEquals(1, engine.containers().size());
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void what_can_not_be_made_leaves_nothing(Engine engine) {
        String network = engine.refused("create", "web", "-p", "80:8080", "--network", "nowhere");
        assertTrue(network.contains("has no network 'nowhere'"), network);
        String image = engine.refused("create", "web", "-p", "80:8080", "--image", "no/such:1");
        assertTrue(image.contains("has no image 'no/such:1'"), image);
        // It ends at once.
        String ended = engine.refused("create", "web", "-p", "80:8080", "--image", Lab.BUSYBOX);
        assertTrue(ended.contains("sameport sandbox create: "), ended);
        assertEquals(List.of(), engine.containers());
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void it_is_put_on_the_network_that_is_named(Engine engine) {
        engine.run("network", "create", "sandboxes");
        try {
            engine.sandbox("create", "web", "-p", "80:8080", "--network", "sandboxes");
            String networks = engine.told("sameport-web", "{{json .NetworkSettings.Networks}}");
            assertTrue(networks.startsWith("{\"sandboxes\":"), networks);
            engine.sandbox("rm", "web");
        } finally {
            engine.run("network", "rm", "sandboxes");
        }
    }

    @Test
    void it_is_back_after_the_engine_was() throws Exception {
        Engine engine = Engine.DOCKER;
        engine.sandbox("create", "web", "-p", "80:8080");
        LAB.stopDocker();
        LAB.startDocker();
        Lab.await(
                "the sandbox",
                () -> engine.told("sameport-web", "{{.State.Status}}").equals("running"));
        assertEquals(Path.of("/pause"), executable(engine, "sameport-web"));
    }

    @Test
    void compose_makes_one_of_the_image_and_services_join_it() throws IOException {
        Engine engine = Engine.DOCKER;
        engine.sandbox("image");
        Path file = LAB.directory.resolve("sandbox-compose.yml");
        Files.writeString(
                file,
                """
                version: "3.7"
                services:
                  web:
                    image: sameport/pause
                    labels:
                      sameport.mode: reuseport
                      sameport.publish: "80:8080"
                  app:
                    image: bb
                    command: httpd -f -p 8080
                    network_mode: "service:web"
                """);
        List<String> compose =
                List.of(
                        "env",
                        "DOCKER_HOST=" + LAB.dockerHost(),
                        "docker-compose",
                        "-f",
                        file.toString(),
                        "-p",
                        "shop");
        List<String> up = new ArrayList<>(compose);
        up.addAll(List.of("up", "-d"));
        LAB.onHost(up.toArray(String[]::new));
        assertEquals(Path.of("/pause"), executable(engine, "shop_web_1"));
        assertEquals(network(engine, "shop_web_1"), network(engine, "shop_app_1"));
        List<String> down = new ArrayList<>(compose);
        down.addAll(List.of("down", "-t", "1"));
        LAB.onHost(down.toArray(String[]::new));
    }
}
