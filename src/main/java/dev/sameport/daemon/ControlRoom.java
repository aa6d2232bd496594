package dev.sameport.daemon;

import dev.sameport.admin.Caller;
import dev.sameport.admin.Check;
import dev.sameport.admin.Control;
import dev.sameport.admin.MemberGrammar;
import dev.sameport.admin.PublishCall;
import dev.sameport.admin.RunCall;
import dev.sameport.config.Reading;
import dev.sameport.config.SameportLabels;
import dev.sameport.linux.CommandException;
import dev.sameport.linux.Commands;
import dev.sameport.model.Change;
import dev.sameport.model.Claims;
import dev.sameport.model.Declaration;
import dev.sameport.model.Declaration.Member;
import dev.sameport.model.Labels;
import dev.sameport.model.Problem;
import dev.sameport.model.ServiceName;
import dev.sameport.model.Snapshot;
import dev.sameport.provider.declared.DeclaredServices;
import dev.sameport.provider.process.ProcessProvider;
import dev.sameport.provider.process.RunRequest;
import dev.sameport.reconcile.Planes;
import dev.sameport.reconcile.Reconciler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What the control socket can ask of the daemon and tell it.
final class ControlRoom implements Control, Reconciler.Publisher {
    private static final Duration ID_TIMEOUT = Duration.ofSeconds(5);

    private final DeclaredServices declared;
    private final ProcessProvider processes;
    private final Planes planes;
    private final Supplier<List<Check>> doctor;
    private final ClaimsFile claims;
    private final Log log;
    private final boolean privileged;
    private final History history = new History();
    private volatile Snapshot snapshot = Snapshot.EMPTY;

    ControlRoom(
            DeclaredServices declared,
            ProcessProvider processes,
            Planes planes,
            Supplier<List<Check>> doctor,
            ClaimsFile claims,
            Log log,
            boolean privileged) {
        this.declared = declared;
        this.processes = processes;
        this.planes = planes;
        this.doctor = doctor;
        this.claims = claims;
        this.log = log;
        this.privileged = privileged;
    }

    @Override
    public void publish(Snapshot next, List<Change> changes) {
        List<Problem> before = snapshot.problems();
        snapshot = next;
        history.add(changes);
        for (Change change : changes) {
            log.info(
                    "change",
                    "generation",
                    change.generation(),
                    "subject",
                    change.subject(),
                    "text",
                    change.text());
        }
        for (Problem problem : next.problems()) {
            if (!before.contains(problem)) {
                log.warn(
                        "problem",
                        "where",
                        problem.where(),
                        "what",
                        problem.what(),
                        "fix",
                        problem.fix());
            }
        }
    }

    @Override
    public void keep(Claims next) {
        claims.write(next);
    }

    @Override
    public Snapshot snapshot() {
        Snapshot now = snapshot;
        return new Snapshot(
                now.generation(),
                now.at(),
                now.services(),
                now.ports(),
                planes.connections(),
                now.problems(),
                now.providers());
    }

    @Override
    public List<Change> changes() {
        return history.all();
    }

    @Override
    public AutoCloseable follow(Consumer<Change> each) {
        return history.follow(each);
    }

    @Override
    public List<Check> checks() {
        return doctor.get();
    }

    @Override
    public String version() {
        String version = ControlRoom.class.getPackage().getImplementationVersion();
        return "sameport " + (version == null ? "(from classes)" : version);
    }

    @Override
    public String publish(PublishCall call) {
        ServiceName name = new ServiceName(call.name());
        settings(call.settings());
        if (call.endpoints().isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no endpoint; give a container's name or an address:port");
        }
        List<Member> members = call.endpoints().stream().map(MemberGrammar::parse).toList();
        declared.put(new Declaration("publish", name, new Labels(call.settings()), members));
        return "Service "
                + name
                + " publishes "
                + call.settings().get(SameportLabels.PUBLISH)
                + "; see `sameport ls`.";
    }

    /// The settings have to be right before anything is kept.
    private static Reading settings(SortedMap<String, String> settings) {
        Reading reading = SameportLabels.read("publish", new Labels(settings));
        if (!reading.problems().isEmpty()) {
            Problem first = reading.problems().getFirst();
            throw new IllegalArgumentException(first.what() + "; " + first.fix());
        }
        return reading;
    }

    @Override
    public String unpublish(String name) {
        for (Declaration declaration : declared.declarations()) {
            String publish = declaration.settings().get(SameportLabels.PUBLISH);
            boolean byPort =
                    publish != null
                            && Arrays.asList(publish.split("[:,/]")).contains(name)
                            && name.matches("[0-9]+");
            if (declaration.name().value().equals(name) || byPort) {
                declared.remove(declaration.name());
                return "Service " + declaration.name() + " is no longer published.";
            }
        }
        throw new IllegalArgumentException(
                "no service '"
                        + name
                        + "' was published by hand; one that comes from labels ends with its containers");
    }

    @Override
    public String run(RunCall call, Caller caller) {
        Reading reading = settings(call.settings());
        if (reading.settings().publish().isEmpty()) {
            throw new IllegalArgumentException("nothing is published; give -p, as in `-p 80:8080`");
        }
        RunRequest request =
                new RunRequest(
                        new ServiceName(call.name()),
                        call.scale(),
                        new Labels(new TreeMap<>(call.settings())),
                        call.command(),
                        new TreeMap<>(call.environment()),
                        call.directory(),
                        owner(caller));
        processes.run(request);
        return "Service " + call.name() + " runs " + call.scale() + " replicas; see `sameport ps`.";
    }

    /// The kernel told the name; its numbers and groups come from the system's user database.
    private RunRequest.Owner owner(Caller caller) {
        if (!privileged) {
            return new RunRequest.Owner(0, 0, List.of());
        }
        try {
            int user = Integer.parseInt(id("-u", caller.user()));
            int group = Integer.parseInt(id("-g", caller.user()));
            List<Integer> groups = new ArrayList<>();
            for (String number : id("-G", caller.user()).split(" ")) {
                groups.add(Integer.valueOf(number));
            }
            return new RunRequest.Owner(user, group, groups);
        } catch (CommandException | NumberFormatException e) {
            throw new IllegalStateException(
                    "user " + caller.user() + " is not known to this system", e);
        }
    }

    private static String id(String what, String user) {
        return Commands.run(ID_TIMEOUT, "id", what, "--", user).output().strip();
    }

    @Override
    public String scale(String name, int replicas) {
        ServiceName service = new ServiceName(name);
        if (replicas == 0) {
            processes.stop(service);
            return "Service " + name + " ends.";
        }
        processes.scale(service, replicas);
        return "Service " + name + " has " + replicas + " replicas.";
    }
}
