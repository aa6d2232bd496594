package dev.sameport.provider.engine;

import dev.sameport.engine.EngineClient;
import dev.sameport.engine.EngineEvent;
import dev.sameport.engine.EngineException;
import dev.sameport.engine.EngineVersion;
import dev.sameport.model.Problem;
import dev.sameport.model.ProviderStatus;
import dev.sameport.provider.Observation;
import dev.sameport.provider.Provider;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Follows one engine. Events are opened first, then everything is listed, so that nothing falls
/// between; an event only says which containers to look at again. A lost stream drops nothing: it
/// is opened again, with a growing pause, and everything is listed again.
public final class EngineProvider implements Provider {
    /// An engine may send the head of its event stream with the first event only; listing does not
    /// wait for it longer than this.
    private static final long OPENED_MILLIS = 300;

    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final String FIX =
            "start the engine, or check --engine; it is tried again every few seconds, and what was seen last stays in force";

    private final EngineClient client;
    private final String name;
    private final boolean explicit;
    private final Urgent urgent;
    private final Inventory inventory; // confined to the provider's thread
    private final CountDownLatch closed = new CountDownLatch(1);

    // written by the provider's thread, replaced as a whole
    private volatile Observation observation;
    private volatile boolean looked;
    private volatile boolean answers;
    private volatile ProviderStatus status;
    // set by start, before the thread runs
    private volatile @Nullable Listener listener;
    private volatile @Nullable Thread thread;

    /// @param explicit whether a person named the socket: an absent one is a problem then, and not
    ///   otherwise
    public EngineProvider(
            String name, EngineClient client, boolean explicit, Reachability reachability) {
        this.name = name;
        this.client = client;
        this.explicit = explicit;
        this.urgent =
                new Urgent(signal -> {
                    Listener current = listener;
                    if (current != null) {
                        current.signal(signal);
                    }
                });
        this.inventory = new Inventory(client, new ReplicaReader(name, reachability), urgent);
        Problem notYet = problem("it has not been asked yet", "wait a moment");
        this.observation = new Observation.Failed(name, notYet);
        this.status = new ProviderStatus(name, client.socket().toString(), 0, null);
    }

    private Problem problem(String what, String fix) {
        return new Problem("engine " + name, what, fix);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start(Listener listener) {
        this.listener = listener;
        thread = Thread.ofVirtual().name("engine-" + name).start(this::follow);
    }

    private void follow() {
        RetryPause pause = new RetryPause(client.socket());
        try {
            while (closed.getCount() > 0) {
                pause.begin();
                try {
                    session();
                } catch (EngineException e) {
                    failed(String.valueOf(e.getMessage()));
                } catch (RuntimeException e) {
                    // A fault of ours must not end the following of an engine; it is shown.
                    failed(e.toString());
                }
                pause.await(closed);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What the stream's thread says: an event, or why it ended.
    private sealed interface News {
        /// @param told whether what is urgent about it has been told
        record Event(EngineEvent event, boolean told) implements News {}

        record Ended(RuntimeException reason) implements News {}
    }

    private void session() throws InterruptedException {
        EngineVersion version = client.negotiate();
        LinkedBlockingQueue<News> news = new LinkedBlockingQueue<>();
        CountDownLatch opened = new CountDownLatch(1);
        try (EngineClient.Events events = client.events()) {
            Thread.ofVirtual().name("events-" + name).start(() -> read(events, opened, news));
            boolean late = !opened.await(OPENED_MILLIS, TimeUnit.MILLISECONDS);
            inventory.list();
            publish(version);
            UnreadPause unread = new UnreadPause();
            while (closed.getCount() > 0) {
                News next =
                        news.poll(
                                unread.millis(inventory.unread().keySet()), TimeUnit.MILLISECONDS);
                if (late && next instanceof News.Event) {
                    // The stream opened after the list: what happened between the two is read back.
                    late = false;
                    inventory.list();
                }
                if (next == null) {
                    inventory.look(List.copyOf(inventory.unread().keySet()));
                    unread.asked();
                    publish(version);
                } else {
                    handle(next, news, version);
                }
            }
        }
    }

    private void read(
            EngineClient.Events events, CountDownLatch opened, LinkedBlockingQueue<News> news) {
        try {
            events.read(
                    opened::countDown,
                    event -> news.add(new News.Event(event, urgent.tell(event))));
        } catch (RuntimeException e) {
            // Whatever it is, the session has to hear of it, or it would wait for ever.
            news.add(new News.Ended(e));
        }
    }

    /// Takes everything that has come by now, so that a burst of events looks at each container
    /// once.
    private void handle(News first, LinkedBlockingQueue<News> news, EngineVersion version) {
        Set<String> toLook = new LinkedHashSet<>();
        List<EngineEvent> untold = new ArrayList<>();
        for (News next = first; next != null; next = news.poll()) {
            switch (next) {
                case News.Event(EngineEvent event, boolean told) -> {
                    if (matters(event)) {
                        toLook.add(event.container());
                    }
                    if (!told) {
                        untold.add(event);
                    }
                }
                case News.Ended(RuntimeException reason) -> throw reason;
            }
        }
        inventory.look(toLook);
        publish(version);
        // After the observation that shows the container: news of an unknown one would be dropped.
        untold.forEach(urgent::tell);
    }

    /// Commands that are run in a container change nothing about it.
    private static boolean matters(EngineEvent event) {
        return switch (event.action()) {
            case "exec_create", "exec_start", "exec_die", "exec_detach", "exec" -> false;
            case "attach", "detach", "top", "resize", "copy", "archive-path", "export" -> false;
            default -> !event.container().isEmpty();
        };
    }

    private void publish(EngineVersion version) {
        answers = true;
        Map<String, String> unread = inventory.unread();
        Problem problem =
                unread.isEmpty()
                        ? null
                        : problem(
                                "%d containers can't be read, the first: %s"
                                        .formatted(
                                                unread.size(), unread.values().iterator().next()),
                                "look at them with the engine's own tools; they are asked for again, and what was seen last of them stays in force");
        var replicas = inventory.replicas();
        set(
                new Observation.Complete(name, replicas, List.of()),
                new ProviderStatus(
                        name, version + " at " + client.socket(), replicas.size(), problem));
    }

    private void failed(String reason) {
        answers = false;
        boolean absent = !Files.exists(client.socket());
        int known = inventory.replicas().size();
        if (absent && !explicit && known == 0) {
            set(
                    new Observation.Complete(name, List.of(), List.of()),
                    new ProviderStatus(name, "no socket at " + client.socket(), 0, null));
        } else {
            String what = absent ? "there is no socket at " + client.socket() : reason;
            Problem problem = problem(what, FIX);
            set(
                    new Observation.Failed(name, problem),
                    new ProviderStatus(name, client.socket().toString(), known, problem));
        }
    }

    /// Pokes only if something changed: Podman has an event for every probe of a health check.
    private void set(Observation seen, ProviderStatus how) {
        boolean same = looked && seen.equals(observation) && how.equals(status);
        observation = seen;
        status = how;
        looked = true;
        Listener current = listener;
        if (!same && current != null && closed.getCount() > 0) {
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

    /// Ends the stream; what was seen last can still be observed.
    @Override
    public void close() {
        closed.countDown();
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join(CLOSING);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
