package dev.sameport.provider.process;

import dev.sameport.model.Labels;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.StopPolicy;
import dev.sameport.provider.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One service of `run` and its processes. Confined to the provider's thread.
final class Run {
    /// New connections stop before the stop signal: longer than the loop needs for a pass.
    private static final long DRAIN_BEFORE_SIGNAL_MILLIS = 100;

    private static final long RESTART_MILLIS = 1_000;
    private static final long RESTART_MAX_MILLIS = 30_000;

    /// A replica that lived this long has recovered: its next restart is quick again.
    private static final long RECOVERED_MILLIS = 10_000;

    private final RunRequest request;
    private final ProcessProvider provider;
    private final TreeMap<Integer, Running> running = new TreeMap<>();
    private @Nullable SharedRoom shared;
    private boolean ending;

    /// One replica: its place outlives restarts.
    private final class Running {
        final int number;
        final int index;
        final Place place;
        Process process;
        Instant startedAt;
        long backoff = RESTART_MILLIS;
        boolean stopping;

        Running(int number) {
            this.number = number;
            SharedRoom room = shared;
            this.index = room == null ? provider.takeIndex() : 0;
            try {
                this.place =
                        room == null
                                ? provider.placement().make(index, name(), request)
                                : room.place();
                this.startedAt = now();
                this.process = launch(name(), place, request.command());
            } catch (RuntimeException failure) {
                // Nothing half-made stays behind.
                leave();
                throw failure;
            }
            watch();
        }

        private void leave() {
            if (index > 0) {
                provider.giveBack(index);
            }
        }

        String name() {
            return runName() + "-" + number;
        }

        ReplicaId id() {
            return new ReplicaId("run", name());
        }

        private void watch() {
            Process watched = process;
            var _ = watched.onExit().thenAccept(_ -> provider.later(0, () -> ended(watched)));
        }

        private void ended(Process ended) {
            if (ended.pid() != process.pid()) {
                return;
            }
            provider.tell(new Signal.Died(id(), startedAt));
            if (stopping) {
                running.remove(number);
                leave();
                endIfLast();
            } else {
                long lived = ChronoUnit.MILLIS.between(startedAt, now());
                backoff =
                        lived > RECOVERED_MILLIS
                                ? RESTART_MILLIS
                                : Math.min(backoff * 2, RESTART_MAX_MILLIS);
                provider.later(backoff / 2, this::restart);
            }
            provider.refresh();
        }

        private void restart() {
            if (!stopping && running.get(number) == this) {
                startedAt = now();
                process = launch(name(), place, request.command());
                watch();
                provider.refresh();
            }
        }

        void stop() {
            stopping = true;
            if (!process.isAlive()) {
                running.remove(number);
                leave();
                return;
            }
            provider.tell(new Signal.Stopping(id(), now()));
            Process stopped = process;
            provider.later(DRAIN_BEFORE_SIGNAL_MILLIS, stopped::destroy);
            provider.later(StopPolicy.DEFAULT.timeout().toMillis(), stopped::destroyForcibly);
        }

        void kill() {
            stopping = true;
            process.destroyForcibly();
            try {
                if (!process.waitFor(2, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(
                            "process " + process.pid() + " of " + name() + " does not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            leave();
        }

        Replica replica() {
            TreeMap<String, String> labels = new TreeMap<>(request.settings().values());
            SharedRoom room = shared;
            if (room == null) {
                labels.put("sameport.service", request.name().value());
            } else {
                // The owner of the namespace speaks for all.
                labels.keySet().removeAll(List.of("sameport.publish", "sameport.mode"));
            }
            return new Replica(
                    id(),
                    name(),
                    request.command().getFirst(),
                    new Labels(labels),
                    Labels.NONE,
                    process.isAlive() ? Replica.State.RUNNING : Replica.State.RESTARTING,
                    Replica.Health.NONE,
                    room == null ? place.attachments() : List.of(),
                    false,
                    room == null ? "" : room.id(),
                    place.namespace(),
                    place.ports(),
                    OptionalInt.of(Math.toIntExact(process.pid())),
                    startedAt,
                    StopPolicy.DEFAULT);
        }
    }

    Run(RunRequest request, ProcessProvider provider) {
        this.request = request;
        this.provider = provider;
    }

    private String runName() {
        return request.name().value().replaceAll("[^A-Za-z0-9_.-]", "-");
    }

    private boolean shares() {
        return "reuseport".equals(request.settings().get("sameport.mode"));
    }

    /// Ends all replicas, and what they share when the last has ended.
    void end() {
        ending = true;
        scale(0);
        endIfLast();
    }

    private void endIfLast() {
        SharedRoom room = shared;
        if (ending && running.isEmpty() && room != null) {
            shared = null;
            room.close();
        }
    }

    void scale(int replicas) {
        try {
            if (shares() && shared == null && !ending) {
                shared = new SharedRoom(runName(), request, provider, this::launch);
            }
            for (int number = 1; liveCount() < replicas; number++) {
                if (!running.containsKey(number)) {
                    running.put(number, new Running(number));
                }
            }
            List<Running> newestFirst = new ArrayList<>(running.descendingMap().values());
            for (Running surplus : newestFirst) {
                if (liveCount() > replicas && !surplus.stopping) {
                    surplus.stop();
                }
            }
        } finally {
            provider.refresh();
        }
    }

    private int liveCount() {
        return (int) running.values().stream().filter(replica -> !replica.stopping).count();
    }

    /// Whether nothing of it could be started.
    boolean isEmpty() {
        return running.isEmpty() && shared == null && request.scale() > 0;
    }

    void kill() {
        running.values().forEach(Running::kill);
        running.clear();
        ending = true;
        endIfLast();
    }

    List<Replica> replicas() {
        List<Replica> replicas = new ArrayList<>();
        SharedRoom room = shared;
        if (room != null) {
            replicas.add(room.owner());
        }
        running.values().forEach(each -> replicas.add(each.replica()));
        return replicas;
    }

    private static Instant now() {
        return Instant.now();
    }

    private Process launch(String name, Place place, List<String> command) {
        List<String> words = new ArrayList<>(place.wrapper());
        // The caller's environment must not reach the wrapper, which runs as the daemon's user:
        // LD_PRELOAD would be root's.
        words.addAll(List.of("env", "-i", "--chdir=" + request.directory()));
        TreeMap<String, String> environment = new TreeMap<>(request.environment());
        environment.put("SAMEPORT_REPLICA", name);
        environment.putAll(place.environment());
        environment.forEach((key, value) -> words.add(key + "=" + value));
        words.addAll(command);
        try {
            Files.createDirectories(provider.log(name).toAbsolutePath().getParent());
            return new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(provider.log(name).toFile()))
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("can't start " + name, e);
        }
    }
}
