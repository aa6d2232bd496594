package dev.sameport.daemon;

import dev.sameport.admin.AdminServer;
import dev.sameport.config.Interpretation;
import dev.sameport.config.Interpreter;
import dev.sameport.config.InterpreterOptions;
import dev.sameport.config.PublishGrammar;
import dev.sameport.config.SameportLabels;
import dev.sameport.engine.EngineClient;
import dev.sameport.health.Probes;
import dev.sameport.linux.Links;
import dev.sameport.linux.LinuxException;
import dev.sameport.linux.NftablesException;
import dev.sameport.linux.ProcessWatch;
import dev.sameport.linux.SocketDiagnostics;
import dev.sameport.linux.SystemdNotify;
import dev.sameport.linux.ThreadPriority;
import dev.sameport.model.Mapping;
import dev.sameport.model.Problem;
import dev.sameport.model.Replica;
import dev.sameport.model.Sandbox;
import dev.sameport.model.SandboxPort;
import dev.sameport.plane.Support;
import dev.sameport.plane.proxy.EventLoops;
import dev.sameport.plane.proxy.SocketOptions;
import dev.sameport.plane.proxy.Upstream;
import dev.sameport.plane.proxy.http.CookieKey;
import dev.sameport.plane.proxy.http.HttpReception;
import dev.sameport.plane.proxy.l4.ListenerOptions;
import dev.sameport.plane.proxy.l4.Listeners;
import dev.sameport.plane.proxy.l4.PortHolders;
import dev.sameport.plane.reuseport.Remains;
import dev.sameport.plane.reuseport.ReuseportPlane;
import dev.sameport.plane.reuseport.Sighting;
import dev.sameport.provider.Provider;
import dev.sameport.provider.declared.DeclaredServices;
import dev.sameport.provider.engine.EngineProvider;
import dev.sameport.provider.engine.EngineSockets;
import dev.sameport.provider.process.LoopbackPlacement;
import dev.sameport.provider.process.NamespacePlacement;
import dev.sameport.provider.process.Placement;
import dev.sameport.provider.process.ProcessProvider;
import dev.sameport.provider.process.RunRequest;
import dev.sameport.provider.process.Sharing;
import dev.sameport.reconcile.Memory;
import dev.sameport.reconcile.Reconciler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// One daemon, from its lock to its end: makes the parts, wires them, and ends them in the order
/// that loses least.
public final class Daemon {
    private static final Duration END = Duration.ofSeconds(20);

    private final ServeOptions options;
    private final Log log;
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);

    private Daemon(ServeOptions options) {
        this.options = options;
        this.log = new Log(System.err, Clock.systemUTC(), options.logLevel());
        LogBridge.install(log, options.logLevel());
    }

    /// Serves until SIGTERM or SIGINT; the exit code.
    public static int run(ServeOptions options) throws Exception {
        // Netty wants a number for this machine, looks for a network card's, and complains where
        // there is none.
        System.setProperty("io.netty.machineId", "02:00:00:00:00:00:00:01");
        return new Daemon(options).serve();
    }

    private int serve() throws Exception {
        long began = System.nanoTime();
        RunDirectory.prepare(options.runDirectory());
        Files.createDirectories(options.stateDirectory());
        try (DaemonLock _ = DaemonLock.take(options.runDirectory())) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endedBySignal(main)));
            Kernel kernel = Kernel.open(options, log);
            Reconciler reconciler = assemble(kernel);
            Thread loop = Thread.ofPlatform().name("reconcile").start(() -> loop(reconciler));
            SystemdNotify notify = SystemdNotify.fromEnvironment();
            reconciler.awaitFirstPass();
            log.info(
                    "ready",
                    "after_ms",
                    (System.nanoTime() - began) / 1_000_000,
                    "run_dir",
                    options.runDirectory());
            notify.ready("serving");
            if (kernel.nat() != null) {
                WarmUp.start(options.nat(), log);
            }
            stop.await();
            notify.stopping();
            loop.interrupt();
            loop.join();
            end(kernel);
            log.info("ended", "rules", options.removeRules() ? "removed" : "kept");
            return 0;
        }
    }

    /// Between a death and the rules without it there is nothing that could wait.
    private static void loop(Reconciler reconciler) {
        boolean _ = ThreadPriority.raise();
        reconciler.run();
    }

    private void endedBySignal(Thread main) {
        stop.countDown();
        try {
            // The JVM halts when its hooks end: the hook waits for the orderly end.
            if (main.join(END)) {
                // An end that was asked for and went well is no failure, as 143 would say.
                Runtime.getRuntime().halt(0);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Reconciler assemble(Kernel kernel) throws IOException {
        EventLoops loops = EventLoops.open(EventLoops.defaultThreads());
        int mark = kernel.privileged() ? options.nat().mark() : 0;
        Upstream upstream = new Upstream(loops, mark, SocketOptions.DEFAULT);
        ListenerOptions listening = ListenerOptions.DEFAULT.withMark(mark);
        CookieKey cookieKey = CookieKey.in(options.stateDirectory().resolve("cookie.key"));
        HttpReception http =
                HttpReception.open(loops, listening, options.certificates(), cookieKey);
        Listeners listeners =
                new Listeners(
                        loops,
                        holders(),
                        listening,
                        http,
                        service -> service.policies().http() != null);
        DeclaredServices declared =
                new DeclaredServices(options.stateDirectory().resolve("services.json"));
        Wiring wiring = new Wiring();
        ReuseportPlane reuseport =
                kernel.privileged()
                        ? new ReuseportPlane(
                                options.runDirectory(), wiring::sighted, wiring::changed)
                        : null;
        ProcessProvider processes =
                new ProcessProvider(
                        placement(kernel),
                        options.runDirectory().resolve("log"),
                        reuseport == null
                                ? Sharing.none("it takes root")
                                : owner -> prepare(reuseport, owner));
        List<Provider> providers = new ArrayList<>(List.of(declared, processes));
        Map<String, EngineClient> engines = new HashMap<>();
        providers.addAll(engines(kernel, engines));

        Ledger ledger = new Ledger(options.runDirectory());
        Set<Memory.Adopted> adopted = adopt(kernel, ledger);
        LastSeen lastSeen = new LastSeen(options.runDirectory());
        Recorder recorder =
                new Recorder(
                        desired -> {
                            ledger.write(desired);
                            lastSeen.write(desired);
                        },
                        log);
        PlanesTogether planes =
                new PlanesTogether(
                        listeners,
                        http,
                        kernel.nat(),
                        reuseport,
                        kernel.withoutNat(),
                        log,
                        recorder);
        ClaimsFile claims =
                new ClaimsFile(
                        options.stateDirectory().resolve("claims"), PublishGrammar::published);
        Doctor doctor =
                new Doctor(
                        List.of(kernel.natSupport(), reuseport(reuseport), loops.support()),
                        providers,
                        kernel::firewallProblems);
        ControlRoom control =
                new ControlRoom(
                        declared, processes, planes, doctor, claims, log, kernel.privileged());
        EndpointWatch watch =
                new EndpointWatch(
                        new Probes(upstream),
                        processWatch(),
                        kernel.nat(),
                        reuseport,
                        log,
                        wiring::probed,
                        wiring::signal);
        SandboxCare care = new SandboxCare(engines, options.runDirectory(), log, wiring::changed);
        Reconciler reconciler =
                new Reconciler(
                        providers,
                        (observations, held) -> interpret(observations, held, care),
                        planes,
                        watch,
                        control,
                        Clock.systemUTC(),
                        new Reconciler.Start(
                                claims.read(line -> log.warn("claim-unreadable", "line", line)),
                                Memory.adopting(adopted),
                                lastSeen.read()));
        wiring.watch = watch;
        wiring.to = reconciler;
        kernel.watch(
                reconciler::reapply,
                () -> {
                    reconciler.changed();
                    watch.tryAgain();
                },
                () ->
                        providers.stream()
                                .anyMatch(p ->
                                        p instanceof EngineProvider engine && engine.follows()));
        toClose.add(recorder);
        toClose.add(AdminServer.start(options.runDirectory().resolve("admin.sock"), control));
        toClose.addAll(providers);
        toClose.add(watch);
        if (reuseport != null) {
            toClose.add(reuseport);
        }
        toClose.add(listeners);
        toClose.add(loops);
        providers.forEach(provider -> provider.start(reconciler));
        return reconciler;
    }

    /// The watch reports to the loop, and the loop is made with the watch: one of them has to come
    /// first.
    private static final class Wiring {
        private volatile @Nullable Reconciler to;
        private volatile @Nullable EndpointWatch watch;

        void sighted(Sighting sighting) {
            EndpointWatch current = watch;
            if (current != null) {
                current.sighted(sighting);
            }
        }

        void changed() {
            Reconciler reconciler = to;
            if (reconciler != null) {
                reconciler.changed();
            }
        }

        void probed(dev.sameport.reconcile.Probed probed) {
            Reconciler reconciler = to;
            if (reconciler != null) {
                reconciler.probed(probed);
            }
        }

        void signal(dev.sameport.provider.Signal signal) {
            Reconciler reconciler = to;
            if (reconciler != null) {
                reconciler.signal(signal);
            }
        }
    }

    private Reconciler.Interpreted interpret(
            List<dev.sameport.provider.Observation.Complete> observations,
            dev.sameport.model.Claims claims,
            SandboxCare care) {
        Interpretation read =
                Interpreter.interpret(
                        observations, claims, new InterpreterOptions(options.trustImageLabels()));
        care.see(observations, read.stranded());
        List<Problem> problems = new ArrayList<>(read.problems());
        problems.addAll(care.problems());
        return new Reconciler.Interpreted(read.services(), read.claims(), problems);
    }

    private static Support reuseport(@Nullable ReuseportPlane plane) {
        return plane != null
                ? plane.support()
                : new Support(
                        "reuseport",
                        "",
                        new Problem(
                                "plane reuseport",
                                "it takes CAP_NET_ADMIN and CAP_SYS_ADMIN",
                                "run the daemon as root"));
    }

    private static void prepare(ReuseportPlane plane, Replica owner) {
        Sandbox sandbox = new Sandbox(owner.name(), owner, false);
        for (Mapping mapping :
                SameportLabels.read(owner.name(), owner.own()).settings().publish()) {
            plane.prepare(new SandboxPort(sandbox, mapping.containerPort()));
        }
    }

    private PortHolders holders() {
        try {
            return new SocketHolders(SocketDiagnostics.open());
        } catch (LinuxException e) {
            log.warn("sockets-not-seen", "reason", String.valueOf(e.getMessage()));
            return PortHolders.none();
        }
    }

    private @Nullable ProcessWatch processWatch() {
        try {
            return ProcessWatch.start();
        } catch (LinuxException e) {
            log.warn("processes-not-watched", "reason", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private Placement placement(Kernel kernel) {
        return kernel.privileged()
                ? new NamespacePlacement(
                        options.runDirectory(),
                        options.runSubnet(),
                        Cleaner.shell(),
                        kernel::forward)
                : new LoopbackPlacement(Daemon::containerPorts);
    }

    private static List<Integer> containerPorts(RunRequest request) {
        return SameportLabels.read("run", request.settings()).settings().publish().stream()
                .map(Mapping::containerPort)
                .distinct()
                .toList();
    }

    private List<Provider> engines(Kernel kernel, Map<String, EngineClient> clients) {
        if (!options.followEngines()) {
            return List.of();
        }
        KernelReachability reachability = new KernelReachability(Links.open());
        List<Provider> engines = new ArrayList<>();
        for (EngineSockets.EngineSocket socket :
                EngineSockets.find(options.engines(), System.getenv(), kernel.root())) {
            EngineClient client = new EngineClient(socket.path());
            clients.put(socket.name(), client);
            engines.add(new EngineProvider(socket.name(), client, socket.explicit(), reachability));
        }
        return engines;
    }

    /// What an earlier daemon left in force, as far as its ledger says who is behind each address;
    /// flows to the others are cut: they may be strangers by now.
    private Set<Memory.Adopted> adopt(Kernel kernel, Ledger ledger) {
        Set<Memory.Adopted> adopted = new HashSet<>(ledger.read());
        Set<InetSocketAddress> inForce = kernel.inForce();
        adopted.removeIf(known -> !inForce.contains(known.address()));
        if (!inForce.isEmpty()) {
            log.info("rules-found", "endpoints", inForce.size(), "known", adopted.size());
        }
        return adopted;
    }

    private void end(Kernel kernel) throws Exception {
        for (AutoCloseable part : toClose) {
            part.close();
        }
        if (options.removeRules()) {
            try {
                kernel.erase();
                Remains.remove(options.runDirectory());
            } catch (NftablesException e) {
                log.warn("rules-not-removed", "reason", e.reason());
            } catch (LinuxException e) {
                log.warn("programs-not-removed", "reason", String.valueOf(e.getMessage()));
            }
        }
        kernel.end();
    }
}
