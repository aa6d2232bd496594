package dev.sameport.provider.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EventStream;
import dev.sameport.engine.FakeEngine;
import dev.sameport.model.Attachment;
import dev.sameport.model.Problem;
import dev.sameport.model.Reach;
import dev.sameport.model.Replica;
import dev.sameport.provider.Observation;
import dev.sameport.provider.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is seen of an engine, whatever it does.
class EngineProviderTest {
    @TempDir private Path directory;
    private Path socket;
    private FakeDocker docker;
    private @Nullable EngineProvider provider;

    @BeforeEach
    void start() {
        socket = directory.resolve("docker.sock");
        docker = new FakeDocker(socket);
    }

    @AfterEach
    void stop() {
        if (provider != null) {
            provider.close();
        }
        docker.close();
    }

    private Watcher follow() {
        return follow(true);
    }

    private Watcher follow(boolean explicit) {
        EngineProvider started =
                new EngineProvider("docker", new EngineClient(socket), explicit, new OnBridge());
        provider = started;
        return new Watcher(started);
    }

    private EngineProvider provider() {
        EngineProvider started = provider;
        if (started == null) {
            throw new AssertionError("nothing is followed");
        }
        return started;
    }

    @Test
    void nothing_counts_as_seen_before_the_first_look() {
        provider = new EngineProvider("docker", new EngineClient(socket), true, new OnBridge());
        assertInstanceOf(Observation.Failed.class, provider().observe());
        assertFalse(provider().looked());
    }

    @Test
    void what_runs_is_listed_and_events_bring_the_rest() {
        docker.running("web-1");
        Watcher watcher = follow();
        Replica replica = watcher.untilNames("web-1").getFirst();
        assertEquals(Replica.State.RUNNING, replica.state());
        assertEquals(new Reach.OnBridge("br0"), replica.attachments().getFirst().reach());
        assertTrue(replica.attachments().getFirst().defaultRoute());
        docker.running("web-2");
        docker.event("start", "web-2");
        watcher.untilNames("web-1", "web-2");
        docker.put("web-1", FakeDocker.exited("web-1"));
        docker.event("die", "web-1");
        watcher.until(seen -> seen.getFirst().state() == Replica.State.EXITED);
        docker.remove("web-1");
        docker.event("destroy", "web-1");
        watcher.untilNames("web-2");
    }

    @Test
    void an_event_looks_only_at_its_own_container() {
        docker.running("web-1");
        docker.running("web-2");
        Watcher watcher = follow();
        watcher.untilNames("web-1", "web-2");
        docker.put("web-2", FakeDocker.exited("web-2"));
        docker.event("die", "web-2");
        watcher.until(seen -> seen.getLast().state() == Replica.State.EXITED);
        assertEquals(1, docker.engine.asked("/containers/web-1/json"));
        assertEquals(1, docker.engine.asked("/containers/json"));
    }

    @Test
    void a_burst_of_events_looks_at_a_container_once_or_twice() throws InterruptedException {
        docker.running("web-1");
        Watcher watcher = follow();
        watcher.untilNames("web-1");
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        docker.spoil(
                "web-1",
                channel -> {
                    asked.countDown();
                    busy.await();
                    FakeEngine.json(FakeDocker.exited("web-1")).send(channel);
                });
        docker.event("update", "web-1");
        assertTrue(asked.await(30, TimeUnit.SECONDS));
        for (int i = 0; i < 1000; i++) {
            docker.event("update", "web-1");
        }
        docker.running("last");
        docker.event("start", "last");
        busy.countDown();
        watcher.until(seen -> seen.size() == 2);
        long looks = docker.engine.asked("/containers/web-1/json");
        assertTrue(looks < 100, looks + " looks");
    }

    @Test
    void commands_in_a_container_and_probes_without_news_do_not_poke() {
        docker.running("web-1");
        Watcher watcher = follow();
        watcher.untilNames("web-1");
        int pokes = watcher.pokes.get();
        for (String action : List.of("exec_create: sh", "exec_start: sh", "exec_die", "top")) {
            docker.event(action, "web-1");
        }
        assertEquals(1, docker.engine.asked("/containers/web-1/json"));
        docker.event("health_status", "web-1");
        Watcher.await("a look", () -> docker.engine.asked("/containers/web-1/json") == 2);
        docker.running("web-2");
        docker.event("start", "web-2");
        watcher.untilNames("web-1", "web-2");
        assertEquals(pokes + 1, watcher.pokes.get());
    }

    @Test
    void what_happens_between_opening_the_stream_and_the_list_is_not_lost() {
        docker.engine.on(
                "/containers/json",
                channel -> {
                    FakeEngine.Reply before = docker.listed();
                    docker.running("web-1");
                    docker.event("start", "web-1");
                    before.send(channel);
                });
        follow().untilNames("web-1");
    }

    @Test
    void a_stream_whose_head_comes_late_loses_nothing_either() {
        docker.close();
        docker = new FakeDocker(socket, new EventStream(true));
        docker.running("web-1");
        Watcher watcher = follow();
        watcher.untilNames("web-1");
        docker.running("web-2");
        docker.running("web-3");
        docker.event("start", "web-3");
        watcher.untilNames("web-1", "web-2", "web-3");
    }

    @Test
    void a_lost_stream_drops_nothing_and_everything_is_listed_again() {
        docker.running("web-1");
        docker.running("web-2");
        Watcher watcher = follow();
        watcher.untilNames("web-1", "web-2");
        docker.engine.on("/version", FakeEngine.status(500, "not now"));
        docker.events.end();
        Observation.Failed failed = watcher.untilFailed();
        assertTrue(
                failed.problem().what().contains("not now")
                        || failed.problem().what().contains("ended"));
        assertEquals(2, provider().status().replicas());
        assertFalse(provider().follows());
        docker.remove("web-2");
        docker.running("web-3");
        docker.engine.on("/version", FakeEngine.json("{\"ApiVersion\":\"1.41\"}"));
        watcher.untilNames("web-1", "web-3");
        assertTrue(provider().follows());
        docker.event("start", "web-3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[{}]", "[{\"Id\":7}]", "[", "", "garbage"})
    void a_failed_list_never_empties_a_service(String answer) {
        docker.running("web-1");
        Watcher watcher = follow();
        watcher.untilNames("web-1");
        long lists = docker.engine.asked("/containers/json");
        docker.engine.on("/containers/json", FakeEngine.json(answer));
        docker.events.end();
        Watcher.await("another list", () -> docker.engine.asked("/containers/json") > lists);
        watcher.untilFailed();
        assertEquals(1, provider().status().replicas());
        docker.list();
        watcher.untilNames("web-1");
    }

    @Test
    void a_broken_container_does_not_hide_the_others() {
        docker.running("broken");
        docker.running("web-1");
        docker.spoil("broken", FakeEngine.status(500, "no rootfs"));
        Watcher watcher = follow();
        watcher.untilNames("web-1");
        Problem problem = provider().status().problem();
        assertNotNull(problem);
        assertTrue(problem.what().contains("no rootfs"), problem.what());
        docker.running("broken");
        docker.event("start", "broken");
        watcher.untilNames("broken", "web-1");
        assertNull(watcher.untilStatus(status -> status.problem() == null).problem());
    }

    @Test
    void a_container_that_can_not_be_read_any_more_is_kept_and_asked_for_again() {
        docker.running("web-1");
        docker.running("web-2");
        Watcher watcher = follow();
        watcher.untilNames("web-1", "web-2");
        docker.spoil("web-1", FakeEngine.json("{\"Id\":\"web-1\",\"Name\":[]}"));
        docker.event("update", "web-1");
        watcher.untilStatus(status -> status.problem() != null);
        watcher.untilNames("web-1", "web-2");
        docker.running("web-1");
        watcher.untilStatus(status -> status.problem() == null);
    }

    @Test
    void a_container_that_is_gone_before_it_was_looked_at_is_none() {
        docker.running("web-1");
        docker.spoil("web-1", FakeEngine.status(404, "{}"));
        docker.running("web-2");
        assertEquals(1, follow().untilNames("web-2").size());
        assertNull(provider().status().problem());
    }

    @Test
    void a_stop_signal_is_told_while_the_engine_is_slow() throws InterruptedException {
        docker.running("web-1");
        docker.running("slow");
        Watcher watcher = follow();
        watcher.untilNames("slow", "web-1");
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        docker.spoil(
                "slow",
                _ -> {
                    asked.countDown();
                    never.await();
                });
        docker.event("update", "slow");
        assertTrue(asked.await(30, TimeUnit.SECONDS));
        long before = System.nanoTime();
        docker.event("kill", "web-1", Map.of("signal", "15"));
        docker.event("die", "web-1");
        Signal stopping = watcher.next();
        assertInstanceOf(Signal.Stopping.class, stopping);
        assertEquals("web-1", stopping.replica().id());
        assertInstanceOf(Signal.Died.class, watcher.next());
        assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void a_stop_signal_to_a_container_that_was_not_looked_at_yet_is_told_after_it_is_seen()
            throws InterruptedException {
        Watcher watcher = follow();
        watcher.untilNames();
        Watcher.await("the stream", () -> docker.events.listening() == 1);
        docker.running("web-1");
        docker.event("kill", "web-1", Map.of("signal", "SIGTERM"));
        assertEquals("web-1", watcher.next().replica().id());
        watcher.untilNames("web-1");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 15, true",
        "'', TERM, true",
        "'', 9, true",
        "'', 1, false",
        "'', SIGUSR1, false",
        "'', '', false",
        "SIGQUIT, 3, true",
        "SIGQUIT, SIGKILL, true",
        "SIGQUIT, 15, false",
        "3, SIGQUIT, true",
        "WINCH, 28, true",
        "SIGRTMIN+3, 37, true",
        "RTMAX-1, 63, true",
        "SIGODD, SIGODDER, false",
        "SIGODD, '', false"
    })
    void only_what_ends_a_container_is_a_stop_signal(String stop, String sent, boolean stops)
            throws InterruptedException {
        docker.put("web-1", FakeDocker.running("web-1", Map.of(), stop, FakeDocker.NETWORK));
        Watcher watcher = follow();
        watcher.untilNames("web-1");
        docker.event("kill", "web-1", sent.isEmpty() ? Map.of() : Map.of("signal", sent));
        docker.event("die", "web-1");
        assertEquals(stops, watcher.next() instanceof Signal.Stopping);
    }

    @Test
    void an_engine_that_was_never_there_is_no_problem_and_is_followed_when_it_comes() {
        docker.close();
        Watcher watcher = follow(false);
        watcher.untilNames();
        assertNull(provider().status().problem());
        docker = new FakeDocker(socket);
        docker.running("web-1");
        long before = System.nanoTime();
        watcher.untilNames("web-1");
        assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(3));
    }

    @Test
    void an_engine_that_a_person_named_is_a_problem_while_it_is_away() {
        docker.close();
        Watcher watcher = follow(true);
        Observation.Failed failed = watcher.untilFailed();
        assertTrue(failed.problem().what().contains("no socket at " + socket));
        assertEquals(failed.problem(), provider().status().problem());
        docker = new FakeDocker(socket);
        docker.running("web-1");
        watcher.untilNames("web-1");
        assertNull(watcher.untilStatus(status -> status.problem() == null).problem());
    }

    @Test
    void an_engine_that_ends_leaves_what_was_seen_and_is_followed_again_at_once() {
        docker.running("web-1");
        Watcher watcher = follow(false);
        watcher.untilNames("web-1");
        docker.close();
        assertEquals("docker", watcher.untilFailed().provider());
        docker = new FakeDocker(socket);
        docker.running("web-2");
        watcher.untilNames("web-2");
    }

    @Test
    void podmans_names_for_networks_are_understood() {
        docker.put("web-1", FakeDocker.running("web-1", Map.of(), "15", "back"));
        docker.engine.on("/networks/back", FakeDocker.network("5d73", "back", true));
        Watcher watcher = follow();
        assertTrue(watcher.untilNames("web-1").getFirst().attachments().getFirst().internal());
        // Made anew, with the same name: nothing that was known of it counts.
        docker.engine.on("/networks/back", FakeDocker.network("a7ff", "back", false));
        docker.event("network", "connect", "web-1", Map.of("name", "web-1"));
        watcher.until(seen -> !seen.getFirst().attachments().getFirst().internal());
    }

    @Test
    void a_network_that_the_engine_does_not_know_is_never_published_from() {
        docker.put("web-1", FakeDocker.running("web-1", Map.of(), "", "odd"));
        Attachment attachment = follow().untilNames("web-1").getFirst().attachments().getFirst();
        assertInstanceOf(Reach.Unreachable.class, attachment.reach());
    }

    @Test
    void dockers_network_events_name_the_container() {
        docker.running("web-1");
        Watcher watcher = follow();
        watcher.untilNames("web-1");
        docker.put("web-1", FakeDocker.exited("web-1"));
        docker.event("network", "disconnect", FakeDocker.NETWORK, Map.of("container", "web-1"));
        watcher.until(seen -> seen.getFirst().attachments().isEmpty());
    }

    @Test
    void labels_of_the_image_are_told_apart_and_asked_for_once() {
        docker.engine.on(
                "/images/image/json",
                FakeEngine.json(
                        "{\"Config\":{\"Labels\":{\"sameport.publish\":\"80:80\",\"a\":\"b\"}}}"));
        docker.running(
                "web-1", Map.of("sameport.publish", "80:80", "a", "c", "sameport.service", "web"));
        docker.running("web-2", Map.of("sameport.publish", "80:80"));
        List<Replica> seen = follow().untilNames("web-1", "web-2");
        assertEquals(Map.of("a", "c", "sameport.service", "web"), seen.getFirst().own().values());
        assertEquals(Map.of(), seen.getLast().own().values());
        assertEquals("80:80", seen.getLast().fromImage().get("sameport.publish"));
        assertEquals(1, docker.engine.asked("/images/image/json"));
    }

    @Test
    void labels_of_an_image_that_is_gone_do_not_count_as_the_containers() {
        docker.engine.on("/images/image/json", FakeEngine.status(404, "{}"));
        docker.running("web-1", Map.of("sameport.publish", "80:80"));
        Replica replica = follow().untilNames("web-1").getFirst();
        assertEquals(Map.of(), replica.own().values());
        assertEquals("80:80", replica.fromImage().get("sameport.publish"));
    }

    @Test
    void compose_writes_its_labels_on_the_images_that_it_builds_too() {
        String image =
                "\"com.docker.compose.project\":\"shop\",\"com.docker.compose.service\":\"web\"";
        docker.engine.on(
                "/images/image/json", FakeEngine.json("{\"Config\":{\"Labels\":{" + image + "}}}"));
        Map<String, String> labels =
                Map.of(
                        "com.docker.compose.project", "shop",
                        "com.docker.compose.service", "web",
                        "com.docker.compose.container-number", "1");
        docker.running("web-1", labels);
        docker.running(
                "web-2",
                Map.of(
                        "com.docker.compose.project", "shop",
                        "com.docker.compose.service", "web"));
        List<Replica> seen = follow().untilNames("web-1", "web-2");
        assertEquals(labels, seen.getFirst().own().values());
        assertEquals(Map.of(), seen.getLast().own().values());
    }

    @Test
    void after_the_end_nothing_is_told_and_the_stream_is_closed() {
        docker.running("web-1");
        Watcher watcher = follow();
        watcher.untilNames("web-1");
        Watcher.await("the stream", () -> docker.events.listening() == 1);
        int pokes = watcher.pokes.get();
        provider().close();
        AtomicInteger said = new AtomicInteger();
        Watcher.await(
                "the stream's end",
                () -> {
                    docker.event("kill", "web-1", Map.of("signal", "15"));
                    said.incrementAndGet();
                    return docker.events.listening() == 0;
                });
        assertEquals(pokes, watcher.pokes.get());
        assertTrue(watcher.signals.isEmpty());
        assertTrue(said.get() > 0);
    }
}
