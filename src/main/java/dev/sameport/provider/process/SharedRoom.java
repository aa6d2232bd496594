package dev.sameport.provider.process;

import dev.sameport.model.Labels;
import dev.sameport.model.Replica;
import dev.sameport.model.ReplicaId;
import dev.sameport.model.StopPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The one network namespace of a run whose replicas share a port, kept by a process that does
/// nothing. Confined to the provider's thread.
final class SharedRoom {
    /// What keeps the namespace; it ends with the provider's thread, as replicas do.
    private static final List<String> KEEPER = List.of("sleep", "infinity");

    private static final long ENTERED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final RunRequest request;
    private final ProcessProvider provider;
    private final String name;
    private final int index;
    private final Place place;
    private final Instant since = Instant.now();
    private final Process keeper;

    /// Starts a program in a place, under a name.
    interface Launcher {
        Process launch(String name, Place place, List<String> command);
    }

    /// Makes it, and lets what starts in it share.
    ///
    /// @throws IllegalStateException when this machine can't
    SharedRoom(String run, RunRequest request, ProcessProvider provider, Launcher launcher) {
        this.request = request;
        this.provider = provider;
        this.name = run + "-sandbox";
        this.index = provider.takeIndex();
        Process started = null;
        try {
            this.place = provider.placement().make(index, name, request);
            if (place.namespace() == 0) {
                Sharing.none("without root every replica is on the host's network")
                        .prepare(owner(0));
            }
            started = launcher.launch(name, place, KEEPER);
            this.keeper = started;
            awaitEntered();
            provider.sharing().prepare(owner());
        } catch (RuntimeException failure) {
            // Nothing half-made stays behind.
            if (started != null) {
                started.destroyForcibly();
            }
            provider.giveBack(index);
            throw failure;
        }
    }

    /// The wrapper changes its namespace before it becomes the keeper: until then it is in ours.
    private void awaitEntered() {
        Path namespace = Path.of("/proc/" + keeper.pid() + "/ns/net");
        long end = System.nanoTime() + ENTERED_NANOS;
        while (!isIn(namespace)) {
            if (!keeper.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(
                        "the keeper of "
                                + name
                                + "'s network namespace did not start; see "
                                + provider.log(name));
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    private boolean isIn(Path namespace) {
        try {
            return (long) Files.getAttribute(namespace, "unix:ino") == place.namespace();
        } catch (IOException _) {
            return false;
        }
    }

    Place place() {
        return place;
    }

    /// The id by which its replicas say whom they joined.
    String id() {
        return name;
    }

    /// The owner of the namespace, as a replica that never listens.
    Replica owner() {
        return owner(Math.toIntExact(keeper.pid()));
    }

    private Replica owner(int pid) {
        TreeMap<String, String> labels = new TreeMap<>(request.settings().values());
        labels.put("sameport.service", request.name().value());
        labels.put("sameport.sandbox", name);
        return new Replica(
                new ReplicaId("run", name),
                name,
                KEEPER.getFirst(),
                new Labels(labels),
                Labels.NONE,
                Replica.State.RUNNING,
                Replica.Health.NONE,
                place.attachments(),
                false,
                "",
                place.namespace(),
                List.of(),
                pid == 0 ? OptionalInt.empty() : OptionalInt.of(pid),
                since,
                StopPolicy.DEFAULT);
    }

    /// Gives it up, once nothing runs in it.
    void close() {
        keeper.destroyForcibly();
        provider.giveBack(index);
    }
}
