package dev.sameport.provider.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sameport.model.EnginePort;
import dev.sameport.model.Labels;
import dev.sameport.model.Replica;
import dev.sameport.model.ServiceName;
import dev.sameport.provider.Observation;
import dev.sameport.provider.Provider;
import dev.sameport.provider.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes without privilege; the namespaces are tested in the lab.
class ProcessProviderTest implements Provider.Listener {
    private static final ServiceName WEB = new ServiceName("web");
    private final LinkedBlockingQueue<Object> news = new LinkedBlockingQueue<>();
    private ProcessProvider provider;

    @TempDir Path directory;

    @BeforeEach
    void start() {
        provider =
                new ProcessProvider(
                        new LoopbackPlacement(_ -> List.of(8080)),
                        directory.resolve("log"),
                        Sharing.none("it is a test"));
        provider.start(this);
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Override
    public void changed() {
        news.add("changed");
    }

    @Override
    public void signal(Signal signal) {
        news.add(signal);
    }

    private RunRequest request(int scale, String... command) {
        return new RunRequest(
                WEB,
                scale,
                Labels.of(Map.of("sameport.publish", "80:8080")),
                List.of(command),
                new TreeMap<>(Map.of("PATH", "/usr/bin:/bin", "GREETING", "hello")),
                directory.toString(),
                new RunRequest.Owner(0, 0, List.of()));
    }

    private List<Replica> replicas() {
        return ((Observation.Complete) provider.observe()).replicas();
    }

    private void await(Predicate<Object> expected) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            Object next = news.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            assertTrue(next != null, "not seen within 20 s");
            if (expected.test(next)) {
                return;
            }
        }
    }

    @Test
    void n_replicas_run_each_with_a_port_of_its_own() {
        provider.run(request(3, "sleep", "60"));
        assertEquals(
                List.of("web-1", "web-2", "web-3"),
                replicas().stream().map(Replica::name).toList());
        long ports =
                replicas().stream()
                        .map(Replica::enginePorts)
                        .map(List::getFirst)
                        .map(EnginePort::host)
                        .distinct()
                        .count();
        assertEquals(3, ports);
        assertTrue(
                replicas().stream()
                        .allMatch(replica ->
                                ProcessHandle.of(replica.initPid().orElseThrow()).isPresent()));
    }

    @Test
    void a_replica_gets_the_callers_environment_and_directory_and_its_own_name() throws Exception {
        provider.run(
                request(
                        1,
                        "sh",
                        "-c",
                        "echo $GREETING $SAMEPORT_REPLICA $(pwd) $PORT; exec sleep 60"));
        String port =
                Integer.toString(replicas().getFirst().enginePorts().getFirst().host().getPort());
        String expected = "hello web-1 " + directory.toRealPath() + " " + port;
        Path log = directory.resolve("log/web-1.log");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.readString(log).strip().equals(expected) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertEquals(expected, Files.readString(log).strip());
    }

    @Test
    void scaling_down_drains_before_the_signal_and_ends_the_newest() throws Exception {
        provider.run(request(3, "sleep", "60"));
        provider.scale(WEB, 1);
        await(event ->
                event instanceof Signal.Stopping stopping
                        && stopping.replica().id().equals("web-3"));
        await(event -> event instanceof Signal.Died);
        await(_ -> replicas().size() == 1);
        assertEquals(List.of("web-1"), replicas().stream().map(Replica::name).toList());
    }

    @Test
    void a_replica_that_dies_is_started_again_as_a_new_run() throws Exception {
        provider.run(request(1, "sleep", "60"));
        Replica before = replicas().getFirst();
        assertTrue(
                ProcessHandle.of(before.initPid().orElseThrow()).orElseThrow().destroyForcibly());
        await(event -> event instanceof Signal.Died died && died.at().equals(before.startedAt()));
        await(_ ->
                replicas().getFirst().state() == Replica.State.RUNNING
                        && replicas().getFirst().startedAt().isAfter(before.startedAt()));
    }

    @Test
    void a_second_run_of_one_name_is_refused_and_disturbs_nothing() {
        provider.run(request(2, "sleep", "60"));
        RunRequest again = request(5, "sleep", "60");
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> provider.run(again));
        assertTrue(refused.getMessage().contains("web runs already"), refused.getMessage());
        assertEquals(2, replicas().size());
    }

    @Test
    void closing_leaves_no_process() {
        provider.run(request(2, "sleep", "60"));
        List<Integer> pids =
                replicas().stream().map(replica -> replica.initPid().orElseThrow()).toList();
        provider.close();
        assertTrue(
                pids.stream()
                        .noneMatch(pid ->
                                ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)));
        provider =
                new ProcessProvider(
                        new LoopbackPlacement(_ -> List.of(8080)),
                        directory.resolve("log"),
                        Sharing.none("it is a test"));
    }
}
