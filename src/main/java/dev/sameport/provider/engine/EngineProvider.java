package dev.sameport.provider.engine;

import dev.sameport.engine.Container;
import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EngineEvent;
import dev.sameport.engine.EngineException;
import dev.sameport.engine.EngineVersion;
import dev.sameport.engine.Network;
import dev.sameport.model.Problem;
import dev.sameport.model.ProviderStatus;
import dev.sameport.model.Replica;
import dev.sameport.provider.Observation;
import dev.sameport.provider.Provider;
import dev.sameport.provider.Signal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Follows one engine. Events are opened first, then everything is listed, so that nothing falls
/// between; an event only says which containers to look at again. A lost stream drops nothing: it
/// is opened again, with a growing pause, and everything is listed again.
public final class EngineProvider implements Provider {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /// Podman 4 sends the head of its event stream with the first event; listing does not wait for
    /// it longer than this.
    private static final long OPENED_MILLIS = 300;

    private final EngineClient client;
    private final String name;
    private final boolean explicit;
    private final ReplicaReader reader;
    private final CountDownLatch closed = new CountDownLatch(1);

    // confined to the provider's thread
    private final Map<String, Container> containers = new HashMap<>();
    private final TreeMap<String, Replica> replicas = new TreeMap<>();
    private final Map<String, Map<String, String>> imageLabels = new HashMap<>();
    private Map<String, Network> networks = Map.of();
    // written by the provider's thread, replaced as a whole
    private volatile Observation observation;
    private volatile boolean looked;
    private volatile boolean answers;
    private volatile ProviderStatus status;
    // set by start, before the thread runs
    private @Nullable Listener listener;

    /// @param explicit whether a person named the socket: an absent one is a problem then, and not
    ///   otherwise
    public EngineProvider(
            String name, EngineClient client, boolean explicit, Reachability reachability) {
        this.name = name;
        this.client = client;
        this.explicit = explicit;
        this.reader = new ReplicaReader(name, reachability);
        this.observation = new Observation.Complete(name, List.of(), List.of());
        this.status = new ProviderStatus(name, client.socket().toString(), 0, null);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start(Listener listener) {
        this.listener = listener;
        Thread.ofVirtual().name("engine-" + name).start(this::follow);
    }

    private void follow() {
        Duration pause = FIRST_PAUSE;
        try {
            do {
                try {
                    session();
                } catch (EngineException e) {
                    if (observation instanceof Observation.Complete && looked) {
                        pause = FIRST_PAUSE;
                    }
                    failed(e);
                }
                pause =
                        pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                                ? pause.multipliedBy(2)
                                : LONGEST_PAUSE;
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What the stream's thread says: an event, or why it ended.
    private sealed interface News {
        record Event(EngineEvent event) implements News {}

        record Ended(EngineException reason) implements News {}
    }

    private void session() throws InterruptedException {
        EngineVersion version = client.negotiate();
        LinkedBlockingQueue<News> news = new LinkedBlockingQueue<>();
        CountDownLatch opened = new CountDownLatch(1);
        try (EngineClient.Events events = client.events()) {
            Thread.ofVirtual().name("events-" + name).start(() -> read(events, opened, news));
            boolean first = !opened.await(OPENED_MILLIS, TimeUnit.MILLISECONDS);
            listEverything();
            publish(version);
            while (closed.getCount() > 0) {
                News next = news.take();
                if (first && next instanceof News.Event) {
                    // The stream opened after the list: what happened between the two is read back.
                    first = false;
                    listEverything();
                }
                handle(next, news);
                publish(version);
            }
        }
    }

    private static void read(
            EngineClient.Events events, CountDownLatch opened, LinkedBlockingQueue<News> news) {
        try {
            events.read(opened::countDown, event -> news.add(new News.Event(event)));
        } catch (EngineException e) {
            news.add(new News.Ended(e));
        }
    }

    /// Takes everything that has come by now, so that a burst of events looks at each container
    /// once.
    private void handle(News first, LinkedBlockingQueue<News> news) {
        Set<String> toInspect = new LinkedHashSet<>();
        for (News next = first; next != null; next = news.poll()) {
            switch (next) {
                case News.Event(EngineEvent event) -> note(event, toInspect);
                case News.Ended(EngineException reason) -> throw reason;
            }
        }
        toInspect.forEach(this::look);
    }

    private void note(EngineEvent event, Set<String> toInspect) {
        String id = event.container();
        if (id.isEmpty()) {
            networks = Map.of();
            return;
        }
        if (event.type().equals("container")) {
            urgent(event);
        }
        if (!event.action().startsWith("exec_")
                && !event.action().equals("attach")
                && !event.action().equals("top")) {
            toInspect.add(id);
        }
    }

    private void urgent(EngineEvent event) {
        Container container = containers.get(event.id());
        Replica replica = replicas.get(event.id());
        if (container == null || replica == null) {
            return;
        }
        boolean stop =
                event.action().equals("kill")
                        && Signals.stops(event.attributes().get("signal"), container.stopSignal());
        if (stop) {
            tell(new Signal.Stopping(replica.id(), event.at()));
        } else if (event.action().equals("die")) {
            tell(new Signal.Died(replica.id(), event.at()));
        }
    }

    private void tell(Signal signal) {
        Listener current = listener;
        if (current != null) {
            current.signal(signal);
        }
    }

    private void listEverything() {
        networks = Map.of();
        List<String> ids = client.containers();
        containers.keySet().retainAll(Set.copyOf(ids));
        replicas.keySet().retainAll(Set.copyOf(ids));
        ids.forEach(this::look);
    }

    private void look(String id) {
        try {
            Container container = client.inspect(id);
            containers.put(id, container);
            replicas.put(id, reader.read(container, networksFor(container), labelsOf(container)));
        } catch (EngineException e) {
            if (!e.notFound()) {
                throw e;
            }
            containers.remove(id);
            replicas.remove(id);
        }
    }

    private Map<String, Network> networksFor(Container container) {
        boolean known =
                container.networks().stream()
                        .allMatch(attached -> networks.containsKey(attached.networkId()));
        if (!known) {
            Map<String, Network> byId = new HashMap<>();
            client.networks().forEach(network -> byId.put(network.id(), network));
            networks = byId;
        }
        return networks;
    }

    private @Nullable Map<String, String> labelsOf(Container container) {
        boolean ours =
                container.labels().keySet().stream()
                        .anyMatch(label -> label.startsWith("sameport."));
        if (!ours) {
            return Map.of();
        }
        Map<String, String> known = imageLabels.get(container.imageId());
        if (known != null) {
            return known;
        }
        try {
            Map<String, String> labels = client.imageLabels(container.imageId());
            imageLabels.put(container.imageId(), labels);
            return labels;
        } catch (EngineException e) {
            if (e.notFound()) {
                return null;
            }
            throw e;
        }
    }

    private void publish(EngineVersion version) {
        observation = new Observation.Complete(name, List.copyOf(replicas.values()), List.of());
        status =
                new ProviderStatus(name, version + " at " + client.socket(), replicas.size(), null);
        looked = true;
        answers = true;
        changed();
    }

    private void failed(EngineException e) {
        if (closed.getCount() == 0) {
            return;
        }
        answers = false;
        boolean absent = !Files.exists(client.socket());
        Problem problem =
                new Problem(
                        "engine " + name,
                        absent
                                ? "there is no socket at " + client.socket()
                                : String.valueOf(e.getMessage()),
                        "start the engine, or check --engine; it is tried again every few seconds, and what was seen last stays in force");
        if (absent && !explicit && containers.isEmpty()) {
            status = new ProviderStatus(name, "no socket at " + client.socket(), 0, null);
        } else {
            observation = new Observation.Failed(name, problem);
            status = new ProviderStatus(name, client.socket().toString(), replicas.size(), problem);
        }
        looked = true;
        changed();
    }

    private void changed() {
        Listener current = listener;
        if (current != null) {
            current.changed();
        }
    }

    @Override
    public Observation observe() {
        return observation;
    }

    /// Whether the engine answers at the moment.
    public boolean follows() {
        return answers;
    }

    @Override
    public boolean looked() {
        return looked;
    }

    @Override
    public ProviderStatus status() {
        return status;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
