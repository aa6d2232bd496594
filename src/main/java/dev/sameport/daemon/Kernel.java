package dev.sameport.daemon;

import dev.sameport.journal.Journal;
import dev.sameport.linux.Capabilities;
import dev.sameport.linux.Capability;
import dev.sameport.linux.LinkMonitor;
import dev.sameport.linux.Nftables;
import dev.sameport.linux.NftablesException;
import dev.sameport.linux.NftablesMonitor;
import dev.sameport.linux.NftablesUnavailableException;
import dev.sameport.model.Problem;
import dev.sameport.plane.Support;
import dev.sameport.plane.nat.NatPlane;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What the kernel lets this daemon do, found out once by trying, and the watches that come with
/// it.
final class Kernel {
    /// `iptables-legacy` sends no notifications, and an engine that restarts makes its chains anew.
    private static final long FIREWALL_MILLIS = 1_000;

    private final ServeOptions options;
    private final Log log;
    private final boolean privileged;
    private final @Nullable NatPlane nat;
    private final Support natSupport;
    private final @Nullable Firewall firewall;
    private final List<AutoCloseable> watches = new ArrayList<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("timer").daemon(true).factory());

    private Kernel(
            ServeOptions options,
            Log log,
            boolean privileged,
            @Nullable NatPlane nat,
            Support natSupport,
            @Nullable Firewall firewall) {
        this.options = options;
        this.log = log;
        this.privileged = privileged;
        this.nat = nat;
        this.natSupport = natSupport;
        this.firewall = firewall;
    }

    static Kernel open(ServeOptions options, Log log) {
        boolean privileged =
                Capabilities.ofThisProcess()
                        .missing(Capability.CAP_NET_ADMIN, Capability.CAP_SYS_ADMIN)
                        .isEmpty();
        if (!options.useNat()) {
            return without(
                    options, log, privileged, "--no-nat was given", "start without --no-nat");
        }
        if (!privileged) {
            return without(
                    options,
                    log,
                    false,
                    "it takes CAP_NET_ADMIN and CAP_SYS_ADMIN",
                    "run the daemon as root");
        }
        try {
            Nftables nft = Nftables.open();
            Firewall firewall =
                    new Firewall(nft, new Journal(options.runDirectory()), options.nat(), log);
            NatPlane nat = new NatPlane(nft, firewall.natOptions());
            return new Kernel(options, log, true, nat, nat.support(), firewall);
        } catch (NftablesUnavailableException e) {
            return without(options, log, true, e.reason(), e.fix());
        }
    }

    private static Kernel without(
            ServeOptions options, Log log, boolean privileged, String why, String fix) {
        Support none = new Support("nat", "", new Problem("plane nat", why, fix));
        return new Kernel(options, log, privileged, null, none, null);
    }

    /// Whether namespaces, marks and rules are ours to make.
    boolean privileged() {
        return privileged;
    }

    /// Whether we may look into every user's runtime directory.
    boolean root() {
        return privileged;
    }

    @Nullable NatPlane nat() {
        return nat;
    }

    Support natSupport() {
        return natSupport;
    }

    /// Why there is no nat plane.
    String withoutNat() {
        Problem problem = natSupport.problem();
        return problem == null ? "" : problem.what();
    }

    Set<InetSocketAddress> inForce() {
        return nat == null ? Set.of() : nat.adopt();
    }

    List<Problem> firewallProblems() {
        return firewall == null ? List.of() : firewall.problems();
    }

    /// Replicas of `run` need forwarding, and there may be no engine that switched it on.
    void forward() {
        if (firewall != null) {
            firewall.forward();
        }
    }

    /// Begins to watch: foreign changes of rules, changes of links, and the clock.
    ///
    /// @param engineRuns whether an engine answers
    void watch(Runnable rulesChanged, Runnable topologyChanged, BooleanSupplier engineRuns) {
        NatPlane plane = nat;
        Firewall wall = firewall;
        if (plane == null || wall == null) {
            return;
        }
        wall.ensure();
        var _ =
                timer.scheduleWithFixedDelay(
                        () -> wall.look(engineRuns, topologyChanged),
                        FIREWALL_MILLIS,
                        FIREWALL_MILLIS,
                        TimeUnit.MILLISECONDS);
        watches.add(NftablesMonitor.open(_ -> rulesChanged.run()));
        watches.add(LinkMonitor.open(topologyChanged));
        long period = Math.max(1, options.nat().keepRulesFor().toSeconds() / 10);
        var _ =
                timer.scheduleAtFixedRate(
                        () -> renew(plane, rulesChanged), period, period, TimeUnit.SECONDS);
    }

    private void renew(NatPlane plane, Runnable rulesChanged) {
        try {
            plane.renew();
        } catch (NftablesException e) {
            log.warn("rules-not-renewed", "reason", e.reason());
            rulesChanged.run();
        }
    }

    void erase() {
        if (nat != null) {
            nat.erase();
        }
    }

    /// Ends the watches; rules stay.
    void end() throws Exception {
        timer.shutdownNow();
        for (AutoCloseable watch : watches) {
            watch.close();
        }
        if (nat != null) {
            nat.close();
        }
    }
}
