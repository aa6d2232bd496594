package dev.sameport.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.engine.EngineClient;
import dev.sameport.model.Attachment;
import dev.sameport.model.Replica;
import dev.sameport.provider.Signal;
import dev.sameport.provider.engine.EngineProvider;
import dev.sameport.provider.engine.OnBridge;
import dev.sameport.provider.engine.Watcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the engine provider sees of a real Docker and a real Podman.
@LabTest
class EngineFollowingTest {
    private static final Lab LAB = Lab.get();
    private static final String IMAGE = "labelled";

    enum Engine {
        DOCKER,
        PODMAN;

        String run(String... words) {
            return this == DOCKER ? LAB.docker(words) : LAB.podman(words);
        }

        Path socket() {
            return LAB.directory.resolve(this == DOCKER ? "docker.sock" : "podman.sock");
        }

        List<String> subnet() {
            // Podman's own default is outside of the lab's addresses.
            return this == DOCKER ? List.of() : List.of("--subnet", "198.18.40.0/24");
        }
    }

    private final List<EngineProvider> providers = new ArrayList<>();

    @BeforeEach
    void start() {
        LAB.reset();
        for (Engine engine : Engine.values()) {
            engine.run(
                    "import",
                    "--change",
                    "LABEL sameport.publish=80:8080",
                    Path.of("target/images/busybox.tar").toAbsolutePath().toString(),
                    IMAGE);
        }
    }

    @AfterEach
    void stop() {
        providers.forEach(EngineProvider::close);
        LAB.reset();
    }

    private Watcher follow(Engine engine) {
        EngineProvider provider =
                new EngineProvider("lab", new EngineClient(engine.socket()), true, new OnBridge());
        providers.add(provider);
        Watcher watcher = new Watcher(provider);
        watcher.untilNames();
        return watcher;
    }

    private static void container(Engine engine, String name, String... options) {
        List<String> words = new ArrayList<>(List.of("run", "-d", "--name", name));
        words.addAll(Arrays.asList(options));
        words.addAll(List.of(IMAGE, "sleep", "1000"));
        engine.run(words.toArray(String[]::new));
    }

    private static Replica only(List<Replica> seen) {
        assertEquals(1, seen.size(), seen.toString());
        return seen.getFirst();
    }

    private static Replica untilState(Watcher watcher, Replica.State state) {
        return only(watcher.until(seen -> seen.size() == 1 && seen.getFirst().state() == state));
    }

    @ParameterizedTest
    @EnumSource
    void a_containers_whole_life_is_followed(Engine engine) throws InterruptedException {
        Watcher watcher = follow(engine);
        container(engine, "web-1", "--label", "sameport.service=web", "--stop-timeout", "1");
        Replica running = untilState(watcher, Replica.State.RUNNING);
        assertTrue(running.initPid().isPresent());
        assertEquals("web-1", running.name());
        assertEquals("{sameport.service=web}", running.own().values().toString());
        assertEquals("80:8080", running.fromImage().get("sameport.publish"));
        assertEquals(1, running.attachments().size());
        assertEquals(Duration.ofSeconds(1), running.stop().timeout());
        engine.run("pause", "web-1");
        untilState(watcher, Replica.State.PAUSED);
        engine.run("unpause", "web-1");
        untilState(watcher, Replica.State.RUNNING);
        engine.run("rename", "web-1", "web-2");
        watcher.untilNames("web-2");
        engine.run("stop", "web-2");
        untilState(watcher, Replica.State.EXITED);
        Signal first = watcher.next();
        // Podman says nothing of the signals that it sends to stop a container.
        assertEquals(engine == Engine.DOCKER, first instanceof Signal.Stopping, first.toString());
        Signal last = first;
        while (last instanceof Signal.Stopping) {
            last = watcher.next();
        }
        assertInstanceOf(Signal.Died.class, last);
        engine.run("start", "web-2");
        Replica again = untilState(watcher, Replica.State.RUNNING);
        assertTrue(again.startedAt().isAfter(running.startedAt()));
        engine.run("rm", "-f", "web-2");
        watcher.untilNames();
    }

    @ParameterizedTest
    @EnumSource
    void networks_come_and_go_and_internal_ones_are_known(Engine engine) {
        List<String> create = new ArrayList<>(List.of("network", "create", "--internal"));
        create.addAll(engine.subnet());
        create.add("back");
        engine.run(create.toArray(String[]::new));
        try {
            Watcher watcher = follow(engine);
            // Podman connects only to containers on a network of netavark's or CNI's.
            container(engine, "web-1");
            Replica one = untilState(watcher, Replica.State.RUNNING);
            assertEquals(List.of(false), internal(one));
            engine.run("network", "connect", "back", "web-1");
            watcher.until(seen -> internal(only(seen)).equals(List.of(true, false)));
            engine.run("network", "disconnect", "back", "web-1");
            watcher.until(seen -> internal(only(seen)).equals(List.of(false)));
            engine.run("rm", "-f", "-v", "web-1");
            container(engine, "web-2", "--network", "back");
            watcher.until(seen ->
                    seen.size() == 1
                            && seen.getFirst().name().equals("web-2")
                            && internal(seen.getFirst()).equals(List.of(true)));
        } finally {
            LAB.reset();
            if (engine == Engine.PODMAN) {
                engine.run("network", "rm", "back");
            }
        }
    }

    /// In the order of the networks' names: back first.
    private static List<Boolean> internal(Replica replica) {
        return replica.attachments().stream().map(Attachment::internal).toList();
    }

    @ParameterizedTest
    @EnumSource
    void health_is_followed(Engine engine) {
        Watcher watcher = follow(engine);
        container(
                engine,
                "web-1",
                "--health-cmd",
                "cat /healthy",
                "--health-interval",
                "1s",
                "--health-retries",
                "1");
        watcher.until(seen -> seen.size() == 1 && seen.getFirst().health() != Replica.Health.NONE);
        engine.run("exec", "web-1", "sh", "-c", "echo yes > /healthy");
        probe(engine);
        watcher.until(seen -> only(seen).health() == Replica.Health.HEALTHY);
        engine.run("exec", "web-1", "sh", "-c", "exec busybox rm /healthy");
        probe(engine);
        watcher.until(seen -> only(seen).health() == Replica.Health.UNHEALTHY);
    }

    /// Podman leaves its probes to systemd timers, which the lab has none of.
    private static void probe(Engine engine) {
        if (engine == Engine.PODMAN) {
            LAB.onHost(
                    "sh",
                    "-c",
                    "CONTAINERS_CONF=%1$s/containers.conf podman --root %1$s/pod --runroot %1$s/podrun healthcheck run web-1 || true"
                            .formatted(LAB.directory));
        }
    }

    @Test
    void a_stop_signal_is_known_while_the_container_still_runs() throws InterruptedException {
        Watcher watcher = follow(Engine.DOCKER);
        // The first process of a container ignores SIGTERM unless it says otherwise.
        container(Engine.DOCKER, "web-1");
        untilState(watcher, Replica.State.RUNNING);
        Engine.DOCKER.run("kill", "--signal", "HUP", "web-1");
        long begun = System.nanoTime();
        Thread stopping =
                Thread.ofVirtual().start(() -> Engine.DOCKER.run("stop", "-t", "3", "web-1"));
        assertInstanceOf(Signal.Stopping.class, watcher.next());
        long told = System.nanoTime() - begun;
        assertEquals(Replica.State.RUNNING, only(watcher.until(_ -> true)).state());
        assertTrue(told < TimeUnit.SECONDS.toNanos(2), told / 1_000_000 + " ms");
        stopping.join();
        untilState(watcher, Replica.State.EXITED);
    }

    @Test
    void an_engine_that_is_started_again_is_followed_again() throws InterruptedException {
        Watcher watcher = follow(Engine.DOCKER);
        container(Engine.DOCKER, "web-1", "--restart", "always");
        Replica before = untilState(watcher, Replica.State.RUNNING);
        Process engine = LAB.dockerEngine();
        engine.destroy();
        assertTrue(engine.waitFor(60, TimeUnit.SECONDS));
        assertEquals("lab", watcher.untilFailed().provider());
        LAB.startDocker();
        Replica after =
                only(
                        watcher.until(seen ->
                                only(seen).state() == Replica.State.RUNNING
                                        && seen.getFirst()
                                                .startedAt()
                                                .isAfter(before.startedAt())));
        assertEquals(before.id(), after.id());
        assertNull(watcher.untilStatus(status -> status.problem() == null).problem());
    }
}
