package dev.sameport.reconcile;

import dev.sameport.model.Change;
import dev.sameport.model.Claimable;
import dev.sameport.model.Claims;
import dev.sameport.model.Desired;
import dev.sameport.model.PortStatus;
import dev.sameport.model.Problem;
import dev.sameport.model.PublishedPort;
import dev.sameport.model.Service;
import dev.sameport.model.ServiceSpec;
import dev.sameport.model.Snapshot;
import dev.sameport.provider.Observation;
import dev.sameport.provider.Provider;
import dev.sameport.provider.Signal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The loop: takes what came in, looks at what is there, plans, applies the difference and
/// publishes the new generation. One thread runs it; everything that crosses to other threads is
/// immutable.
public final class Reconciler implements Provider.Listener {

    /// How specs follow from observations; `config.Interpreter` in the daemon.
    @FunctionalInterface
    public interface Interpreter {
        /// The specs, the claims that hold now and the problems.
        Interpreted interpret(List<Observation.Complete> observations, Claims claims);
    }

    /// What an interpreter made of the observations.
    public record Interpreted(List<ServiceSpec> services, Claims claims, List<Problem> problems) {}

    /// Who hears of a new generation.
    public interface Publisher {
        /// A pass changed something that can be asked for.
        void publish(Snapshot snapshot, List<Change> changes);

        /// The claims changed: keep them over restarts.
        void keep(Claims claims);
    }

    /// What an earlier daemon left.
    ///
    /// @param claims who held which port
    /// @param memory what it knew of the endpoints in force
    /// @param seen what counts of a provider, by its name, until it answers for the first time
    public record Start(Claims claims, Memory memory, Map<String, Observation.Complete> seen) {}

    /// A port that could not be had, or rules that could not be applied, are tried again this
    /// often.
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Duration IDLE = Duration.ofMinutes(1);

    /// How long the first pass waits for the slowest provider's first look.
    private static final Duration FIRST_LOOK = Duration.ofSeconds(10);

    private final List<Provider> providers;
    private final Interpreter interpreter;
    private final Planes planes;
    private final Watch watch;
    private final Publisher publisher;
    private final Clock clock;
    private final Inbox inbox = new Inbox();
    private final CountDownLatch firstPass = new CountDownLatch(1);

    // confined to the loop's thread
    private final Map<String, Observation.Complete> seen = new TreeMap<>();
    private final Set<String> answered = new HashSet<>();
    private final Map<String, Problem> failed = new TreeMap<>();
    private Interpreted interpreted = new Interpreted(List.of(), Claims.NONE, List.of());
    private List<ServiceSpec> followed = List.of();
    private Memory memory;
    private Desired applied = Desired.NOTHING;
    private Map<PublishedPort, PortStatus> ports = Map.of();
    private Snapshot snapshot = Snapshot.EMPTY;
    private @Nullable Instant deadline;
    private boolean appliedOnce;

    public Reconciler(
            List<Provider> providers,
            Interpreter interpreter,
            Planes planes,
            Watch watch,
            Publisher publisher,
            Clock clock,
            Start start) {
        this.providers = List.copyOf(providers);
        this.interpreter = interpreter;
        this.planes = planes;
        this.watch = watch;
        this.publisher = publisher;
        this.clock = clock;
        this.memory = start.memory();
        this.interpreted = new Interpreted(List.of(), start.claims(), List.of());
        this.seen.putAll(start.seen());
    }

    @Override
    public void changed() {
        inbox.changed();
    }

    @Override
    public void signal(Signal signal) {
        inbox.put(signal);
    }

    /// A probe ended.
    public void probed(Probed probed) {
        inbox.put(probed);
    }

    /// Someone else may have changed what we applied.
    public void reapply() {
        inbox.reapply();
    }

    /// Runs passes until the thread is interrupted.
    public void run() {
        try {
            firstLook();
            pass(new Inbox.Mail(List.of(), List.of(), true, false));
            firstPass.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                pass(inbox.take(untilDeadline()));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits until the first state is applied.
    public void awaitFirstPass() throws InterruptedException {
        firstPass.await();
    }

    /// Nothing is applied before every provider has looked once: a half-known world would take
    /// endpoints away.
    private void firstLook() throws InterruptedException {
        Instant end = clock.instant().plus(FIRST_LOOK);
        while (!everyProviderLooked() && clock.instant().isBefore(end)) {
            Inbox.Mail mail = inbox.take(Duration.between(clock.instant(), end));
            mail.signals().forEach(signal -> memory = memory.with(signal));
        }
    }

    private boolean everyProviderLooked() {
        return providers.stream().allMatch(Provider::looked);
    }

    Duration untilDeadline() {
        Duration atMost =
                ports.values().stream().anyMatch(p -> p.conflict() != null) ? RETRY : IDLE;
        if (deadline == null) {
            return atMost;
        }
        Duration left = Duration.between(clock.instant(), deadline);
        return left.isNegative() ? Duration.ZERO : left.compareTo(atMost) < 0 ? left : atMost;
    }

    void pass(Inbox.Mail mail) {
        mail.signals().forEach(signal -> memory = memory.with(signal));
        mail.probes().forEach(probed -> memory = memory.with(probed));
        if (mail.changed()) {
            observe();
        }
        if (mail.changed() || reservationEnded()) {
            interpret();
        }
        Plan plan = Planner.plan(interpreted.services(), memory, clock.instant());
        memory = plan.memory();
        deadline = reservationEnded() ? clock.instant() : plan.deadline();
        if (mail.reapply()) {
            planes.repair();
        }
        apply(plan.services());
        if (!interpreted.services().equals(followed)) {
            followed = interpreted.services();
            watch.follow(followed);
        }
        publish();
    }

    private void observe() {
        for (Provider provider : providers) {
            switch (provider.observe()) {
                case Observation.Complete complete -> {
                    seen.put(provider.name(), complete);
                    answered.add(provider.name());
                    failed.remove(provider.name());
                }
                // What was seen last stays, be it by an earlier daemon.
                case Observation.Failed(_, Problem problem) -> failed.put(provider.name(), problem);
            }
        }
    }

    /// Ports that nobody else gets although their holder may not ask for them now: it went a moment
    /// ago and a successor is waited for, or an engine that may have it has never answered.
    private Set<Claimable> reserved(Instant now) {
        if (providers.stream().anyMatch(provider -> !answered.contains(provider.name()))) {
            return interpreted.claims().holders().keySet();
        }
        return memory.ports().entrySet().stream()
                .filter(port -> !port.getValue().permanent())
                .filter(port -> port.getValue().mayReturnAt(now))
                .flatMap(port -> port.getValue().claimed(port.getKey().published()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean reservationEnded() {
        Set<Claimable> reserved = interpreted.claims().reserved();
        return !reserved.isEmpty() && !reserved(clock.instant()).containsAll(reserved);
    }

    private void interpret() {
        Claims before = interpreted.claims();
        interpreted =
                interpreter.interpret(
                        List.copyOf(seen.values()), before.reserving(reserved(clock.instant())));
        if (!interpreted.claims().holders().equals(before.holders())) {
            publisher.keep(interpreted.claims());
        }
    }

    private void apply(List<Service> services) {
        boolean conflicts = ports.values().stream().anyMatch(port -> port.conflict() != null);
        if (appliedOnce && services.equals(applied.services()) && !conflicts) {
            return;
        }
        boolean different = !services.equals(applied.services());
        applied = new Desired(applied.generation() + (different ? 1 : 0), services);
        ports = planes.apply(applied);
        appliedOnce = true;
    }

    private void publish() {
        List<Problem> problems = new ArrayList<>(failed.values());
        problems.addAll(interpreted.problems());
        problems.addAll(planes.problems());
        ports.values().forEach(port -> addConflict(port, problems));
        Snapshot next =
                new Snapshot(
                        applied.generation(),
                        clock.instant(),
                        applied.services(),
                        ports,
                        Map.of(),
                        problems,
                        providers.stream().map(Provider::status).toList());
        List<Change> changes = Changes.between(snapshot, next);
        snapshot = next;
        publisher.publish(next, changes);
    }

    private static void addConflict(PortStatus port, List<Problem> problems) {
        if (port.conflict() != null) {
            problems.add(port.conflict());
        }
    }
}
